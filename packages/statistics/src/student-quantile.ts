import { betaQuantile } from './incomplete-beta.ts'

/**
 * The deviate t with P(|T| ≤ t) = level for Student's t; `freedom` need not be whole.
 * T² / (ν + T²) has the beta distribution B(1/2, ν/2) (Abramowitz & Stegun 26.7.1).
 */
export function studentDeviate(level: number, freedom: number): number {
  const inner = betaQuantile(level, 0.5, freedom / 2)
  return Math.sqrt((freedom * inner) / (1 - inner))
}
