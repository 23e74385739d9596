import type { Page } from '../page.ts';
import { operationNames, typeNames } from './contract-model.ts';
import { operationPage } from './operation-page.ts';
import {
  apiPage,
  areaPages,
  constantsPage,
  faultsPage,
  formatsPage,
  indexPages,
  rolesPage,
} from './overview-pages.ts';
import { typePage } from './type-page.ts';

/** The reference of the API, all of it from the contract and what the overlay adds to it. */
export function apiPages(): Page[] {
  return [
    apiPage(),
    ...indexPages(),
    ...areaPages(),
    constantsPage(),
    formatsPage(),
    faultsPage(),
    rolesPage(),
    ...operationNames.map(operationPage),
    ...typeNames.map(typePage),
  ];
}
