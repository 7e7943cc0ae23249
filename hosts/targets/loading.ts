/** `node loading.ts <module…>`: loads modules, and does nothing with them. */
for (const name of process.argv.slice(2)) await import(name)
