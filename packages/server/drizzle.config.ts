import { defineConfig } from 'drizzle-kit';

// `npx drizzle-kit generate --name what_changes` compares the schema with the existing migrations and writes the next one.
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema/*.ts',
  out: './src/db/migrations',
});
