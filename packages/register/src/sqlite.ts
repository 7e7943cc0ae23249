export { backupSqliteRegister, type SqliteBackup, type SqliteBackupOptions } from './sqlite/backup.ts'
