export { migrateDatabase } from './migrate-database.ts'
export type { MigrateDatabaseOptions, Migrated } from './migrate-database.ts'
export { protectTable } from './protect-table.ts'
export type { ProtectTableOptions } from './protect-table.ts'
