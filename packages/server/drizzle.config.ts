import { defineConfig } from 'drizzle-kit';

// `npm run migration` compares the schema with the migrations there are and writes the next one.
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/db/schema/*.ts',
  out: './src/db/migrations',
});
