export { backupSqliteRegister, type SqliteBackup, type SqliteBackupOptions } from './sqlite/backup.ts'
export { type Finding } from './finding.ts'
export { examineSqliteRegister, type SqliteExamination } from './sqlite/doctor.ts'
