import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard'
import { stat } from '../panel.ts'
import { QUERIES } from '../queries.ts'

/** What somebody on call looks at first. */
export function nowPanels() {
  return [
    stat({
      title: 'Register',
      description: 'Whether the register answered the last scrape. While it is down every figure of the loop is blank.',
      unit: 'none',
      width: 4,
      queries: [QUERIES.registerUp],
      noValue: 'unknown',
    }).mappings([
      {
        type: MappingType.ValueToText,
        options: { '0': { text: 'down', color: 'red' }, '1': { text: 'up', color: 'green' } },
      },
    ]),
    stat({
      title: 'Lines lost',
      description:
        'Lines that the register never got or gave up, since the beginning. Anything but 0 is a sender that sends what can not be kept, a full queue or a store that failed: groundtrace_lines_lost_total says which, by reason.',
      unit: 'short',
      width: 4,
      queries: [QUERIES.linesLost],
      noValue: 'unknown',
    }),
    stat({
      title: 'Live versions',
      description: 'Versions that were deployed and not retired; and those that predict and were never declared.',
      unit: 'none',
      width: 8,
      queries: [QUERIES.liveVersions],
      noValue: 'none known',
      names: true,
    }),
    stat({
      title: 'Open predictions',
      description: 'Predictions of all tasks without any outcome yet, members aside. Their quality is not known.',
      unit: 'short',
      width: 4,
      queries: [QUERIES.predictionsOpen],
      noValue: 'unknown',
    }),
    stat({
      title: 'Orphaned feedback',
      description: 'Feedback that waits for its prediction. It grows when predictions are lost or IDs are wrong.',
      unit: 'short',
      width: 4,
      queries: [QUERIES.orphans],
      noValue: 'unknown',
    }),
  ]
}
