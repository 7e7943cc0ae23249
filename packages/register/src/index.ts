export { openSqliteRegister, type SqliteRegisterOptions } from './sqlite/register.ts'
export { type Durability } from './sqlite/store.ts'
