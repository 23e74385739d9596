/** The password of all tests; where it shows up besides the wire, something leaks. */
export const PASSWORD = 'Tr0ub4dor&<3>';
