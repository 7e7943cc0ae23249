export { openPostgresRegister, type PostgresRegisterOptions } from './postgres/open.ts'
