import type { Page } from 'playwright-core';

/** Fills in the form, and waits until the pages are there. */
export async function logIn(
  page: Page,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  // A click would leave the pointer on the list, which is held while it is there.
  await page.keyboard.press('Enter');
  await page.getByRole('navigation', { name: 'Pages' }).first().waitFor();
}
