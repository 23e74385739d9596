import type { DocumentedSample } from '../support/documented-sample.js';

/** The samples of the documentation on users and memberships. */
export const usersSamples: readonly DocumentedSample[] = [
  [
    'operations/r-add-company-membership',
    'addCompanyMembershipParam',
    { userHandle: '357|hana@example.com', companyHandleArray: ['40'] },
    ['required membershipArray', 'unknown-field companyHandleArray'],
  ],
  [
    'operations/r-add-user',
    'addUserParam',
    {
      firstName: 'Gwen',
      lastName: 'Hill',
      email: 'gwen@example.org',
      defaultRole: 'TrialSiteUser',
      password: 'letm3in9',
      isValid: true,
      companyHandleArray: ['40'],
    },
    [
      'required isIpsAdmin',
      'required membershipArray',
      'unknown-field defaultRole',
      'unknown-field companyHandleArray',
    ],
  ],
  ['operations/r-add-user', 'addUserReturn', { userHandle: '686s|gwen@example.com' }],
  [
    'operations/r-check-login',
    'checkLoginParam',
    { companyHandle: '970', email: 'cleo3@example.com', password: 'letmein' },
  ],
  ['operations/r-check-login', 'checkLoginReturn', { status: 'InvalidLogin' }],
  ['operations/r-generate-password', 'generatePasswordParam', {}],
  ['operations/r-generate-password', 'generatePasswordReturn', { password: '4\\9bTSm]' }],
  ['operations/r-get-all-users', 'getAllUsersParam', { includeInvalid: false }],
  ['operations/r-get-company-membership', 'getCompanyMembershipParam', { userHandle: '1|bea@example.com' }],
  [
    'operations/r-get-company-membership',
    'getCompanyMembershipReturn',
    {
      membershipArray: [
        { companyHandle: '47', name: 'WIND', rootPath: 'WIND/', expires: '2102-01-13T23:00:00.485-08:00' },
      ],
    },
    [
      'required membershipArray[0].company',
      'required membershipArray[0].isActive',
      'required membershipArray[0].role',
      'unknown-field membershipArray[0].companyHandle',
      'unknown-field membershipArray[0].name',
      'unknown-field membershipArray[0].rootPath',
      'unknown-field membershipArray[0].expires',
    ],
  ],
  [
    'operations/r-get-user-chars',
    'getUserCharsParam',
    { charField: 'LastName', includeInvalid: false, companyHandleArray: ['40'] },
  ],
  ['operations/r-get-user-chars', 'getUserCharsReturn', { userCharsArray: ['k', 'l', 'm'] }],
  ['operations/r-get-user-info', 'getUserInfoParam', {}],
  [
    'operations/r-get-user-info',
    'getUserInfoReturn',
    {
      userInfo: {
        userHandle: '2838|dora@example.com',
        firstName: 'Ann',
        lastName: 'LastName',
        email: 'dora@example.com',
        isValid: true,
        passwordExpires: '2102-04-13T18:35:41.995Z',
        role: 'IpsAdmin',
      },
    },
    ['required userInfo.isIpsAdmin', 'unknown-field userInfo.role'],
  ],
  [
    'operations/r-get-users',
    'getUsersParam',
    { includeInvalid: false, companyHandleArray: ['40'], userRoleArray: ['IpsAdmin'], sortBy: 'LastName' },
  ],
  [
    'operations/r-get-users',
    'getUsersReturn',
    {
      userArray: [
        {
          userHandle: '1|bea@example.com',
          firstName: 'Bea',
          lastName: 'Ostrom',
          email: 'bea@example.com',
          isValid: true,
          passwordExpires: '2102-07-01T15:18:15.816-07:00',
          role: 'IpsAdmin',
        },
      ],
    },
    ['required userArray[0].isIpsAdmin', 'unknown-field userArray[0].role'],
  ],
  [
    'operations/r-remove-company-membership',
    'removeCompanyMembershipParam',
    { userHandle: '358|hana@example.com', companyHandleArray: ['40'] },
  ],
  [
    'operations/r-set-company-membership',
    'setCompanyMembershipParam',
    { userHandle: '3398|gwen@example.com', companyHandleArray: ['82'] },
    ['required membershipArray', 'unknown-field companyHandleArray'],
  ],
  [
    'operations/r-set-password',
    'setPasswordParam',
    { userHandle: '3398|gwen@example.com', password: '@Bo7t$hOp5xy' },
  ],
  [
    'operations/r-set-user-info',
    'setUserInfoParam',
    { firstName: 'Cleo', lastName: 'Cleo', email: 'cleo@cleo.test', defaultRole: 'IpsAdmin', isValid: true },
    ['required isIpsAdmin', 'unknown-field defaultRole'],
  ],
];
