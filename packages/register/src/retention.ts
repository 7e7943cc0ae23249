/** Why a prediction is refused that is older than what the register keeps. */
export function prunedReason(task: string, before: number): string {
  return `Predictions of task ${task} before ${new Date(before).toISOString()} were pruned. Send those that are newer.`
}
