export const MASK = {
  address: '‹address›',
  url: '‹url›',
  number: '‹number›',
  name: '‹name›',
  /** More characters without a space than any word has: encoded data, or a trap for patterns. */
  long: '‹long›',
} as const

/** Patterns only ever see pieces of at most so many characters, so their worst case is a constant. */
const LONGEST_PIECE = 80

/** Most words: nothing but a name list can have anything against them. */
const PLAIN_WORD = /^([a-z]+)(,?|[.;:!?]{1,3})$/
const URL =
  /:\/\/|(?:^|[^a-z])www\.|[a-z0-9-]\.(?:com|net|org|edu|gov|mil|int|info|biz|name|[a-z]{2})(?![\p{L}\p{N}])/iu
const NUMBER = /[\p{L}\p{M}]*\p{N}(?:[\p{L}\p{M}\p{N}]|[.,:/-](?=\p{N}))*/gu
const LETTERS = /\p{L}[\p{L}\p{M}]*/gu
/** Also `McCarthy`, `O'Brien` and `Jean-Luc`; not `I`, `I'm` or an acronym. */
const CAPITALISED = /^[^\p{L}\p{N}‹]*(?!I['’])\p{Lu}(?:[\p{L}\p{M}]|['’-](?=\p{L}))*\p{Ll}/u
const LOWER_CASE = /^[^\p{L}‹]*\p{Ll}/u
const SENTENCE_END = /[.!?:;][^\p{L}\p{N}‹]*$/u
const EDGES = /^([^\p{L}\p{N}‹]*)[^]*?([^\p{L}\p{N}›]*)$/u

const GREETINGS = new Set(['hi', 'hello', 'hey', 'dear', 'hiya', 'greetings', 'hallo', 'attn', 'attention'])
/** What stands after a greeting or is written with a capital, and names nobody. */
const NOBODY = new Set(
  (
    'a again all and colleague colleagues customer everybody everyone folks for friend friends from guys home i in is list ' +
    'madam member members mr mrs ms my of on or our out people please sir sirs subscriber team that the there this to user ' +
    'users we you your'
  ).split(' '),
)
const GREETED_WORDS = 4

/**
 * Replaces addresses, URLs, numbers and names in lines. A name is a word that the address headers name (in any case), what
 * follows a greeting, and every capitalised word inside a sentence: what is capitalised there names somebody or
 * something. A stranger's name at the very start of a sentence is not told from a word and stays.
 */
export function maskWords(lines: readonly string[], names: ReadonlySet<string>): string {
  let insideSentence = false
  const masked = lines.map((line) => {
    const pieces = line.split(/\s+/).filter((piece) => piece !== '')
    if (pieces.length === 0) insideSentence = false
    const greeted = greetedPieces(pieces)
    const kept: string[] = []
    for (const [index, piece] of pieces.entries()) {
      const [, plain, ending] = (piece.length <= LONGEST_PIECE && PLAIN_WORD.exec(piece)) || []
      if (plain !== undefined && !names.has(plain) && !greeted.has(index)) {
        insideSentence = ending === '' || ending === ','
        kept.push(piece)
        continue
      }
      let mask = maskPiece(piece, names)
      const mayBeNamed = insideSentence || kept.at(-1) === MASK.name
      const isNamed = greeted.has(index) || (mayBeNamed && CAPITALISED.test(mask) && !NOBODY.has(lettersOf(mask)))
      if (isNamed) mask = mask.replace(EDGES, `$1${MASK.name}$2`)
      else if (LOWER_CASE.test(mask)) insideSentence = true
      if (SENTENCE_END.test(mask)) insideSentence = false
      if (mask !== '' && !(mask.startsWith(MASK.name) && kept.at(-1) === MASK.name)) kept.push(mask)
      else if (mask !== '') kept[kept.length - 1] = mask
    }
    return kept.join(' ')
  })
  return masked.join('\n')
}

function maskPiece(piece: string, names: ReadonlySet<string>): string {
  if (piece.length > LONGEST_PIECE) return maskLongPiece(piece)
  if (URL.test(piece)) return /^(?:mailto:)?[^:/]*@/i.test(piece) ? MASK.address : MASK.url
  if (/[^@＠][@＠][^@＠]/.test(piece)) return MASK.address
  return maskNames(piece, names).replace(NUMBER, MASK.number)
}

function maskLongPiece(piece: string): string {
  const head = piece.slice(0, LONGEST_PIECE)
  if (URL.test(head)) return MASK.url
  if (piece.includes('@')) return MASK.address
  return /[\p{L}\p{N}]/u.test(piece) ? MASK.long : ''
}

function maskNames(piece: string, names: ReadonlySet<string>): string {
  return piece.replace(LETTERS, (word) => (names.has(word.toLowerCase()) ? MASK.name : word))
}

/** The places of the words that a salutation at the start of a line greets. */
function greetedPieces(pieces: readonly string[]): Set<number> {
  const greeted = new Set<number>()
  const first = pieces[0] ?? ''
  if (first.length > LONGEST_PIECE || !GREETINGS.has(lettersOf(first))) return greeted
  const isShortLine = pieces.length <= GREETED_WORDS
  for (let index = 1; index < pieces.length && index <= GREETED_WORDS; index += 1) {
    const piece = pieces[index] ?? ''
    if (piece.length > LONGEST_PIECE) break
    const word = lettersOf(piece)
    if (word !== '' && !NOBODY.has(word) && (isShortLine || CAPITALISED.test(piece))) greeted.add(index)
    else if (!NOBODY.has(word)) break
    if (/[,.!:;-]$/.test(piece)) break
  }
  return greeted
}

function lettersOf(piece: string): string {
  return piece.replace(/[^\p{L}\p{M}]+/gu, '').toLowerCase()
}
