export { openPostgresRegister, type PostgresRegisterOptions } from './postgres/open.ts'
export { examinePostgresRegister, type PostgresExamination } from './postgres/doctor.ts'
