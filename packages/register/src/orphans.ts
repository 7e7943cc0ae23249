/** How long feedback may wait for its prediction unless a register is told otherwise, in seconds since it came. */
export const DEFAULT_ORPHAN_SECONDS = 90 * 24 * 3600

/** Under this reason the loss ledger counts feedback whose prediction never came. */
export const ORPHAN_EXPIRED = 'orphan-expired'
