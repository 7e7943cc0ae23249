/** A plan that uses what there is to use. */
export const MAIL_PLAN = `webhook:
  url: http://127.0.0.1:9/label-studio/webhook
  secret: GROUNDTRACE_WEBHOOK_SECRET
tasks:
  spam:
    kind: binary
    classes:
      - { name: ham, text: Wanted mail, hotkey: h }
      - { name: spam, text: Unwanted mail, hint: Nobody asked for it, hotkey: s }
    question: Did anybody want this mail?
    show:
      - { field: subject, feature: mail.subject, title: Subject }
      - body
    guidelines: |
      ## Wanted or not

      Newsletters are **wanted** when they can be left. Offers above $budget are not.
    crowd:
      title: Spam, crowd
      shares: true
    expert:
      title: Spam, experts
      guidelines: Look at the headers, too.
    selection:
      mix: { random: 1, uncertainty: 3 }
      crowd: { perRound: 50, perDay: 200 }
      expert: { perRound: 10 }
      private: [iban]
    truth:
      crowd:
        maximum: 7
        groups: { members: { north: [3, 4], south: [5] }, atLeast: 2 }
    live: { confident: 0.98, deadlineSeconds: 60 }
`
