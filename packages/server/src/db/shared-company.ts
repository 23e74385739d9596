/** The company whose assets all companies may read. Its number is 0, as at the service. */
export const SHARED_COMPANY = { id: 0, name: 'Scene7SharedAssets', rootPath: 'Scene7SharedAssets/' } as const;
