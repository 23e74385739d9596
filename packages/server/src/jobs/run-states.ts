/** States of active runs. */
export const ACTIVE_STATES = ['New', 'WaitingClient', 'WaitingCoordinator', 'Running', 'Stopping'] as const;
