/** A rule of isolation, the tests that hold the real version to it, and where it is said. Its mutants name it. */
export interface Rule {
  readonly id: string
  readonly surface: string
  readonly says: string
  /** the classes of attack that it stands against, of `threats` */
  readonly threats: readonly Threat[]
  /** `file › title`, by the file's path below packages/watertight */
  readonly tests: readonly string[]
}

const attacks = (file: string, title: string) => `test/attacks/${file}.test.ts › ${title}`
const unit = (file: string, title: string) => `src/${file}.test.ts › ${title}`

/** The classes of attack, as far as there is a surface for them. */
export const threats = {
  T1: 'boundaries and tokens: forged, missing, stale, replayed',
  T2: 'ids: guessed, seen, by prefix, by case, look-alike',
  T3: 'memory: read, extracted, poisoned',
  T4: 'retrieval: filter lost or behind the ranking, look-alikes',
  T5: 'caches and what a process remembers',
  T6: 'tools: confused deputies, lists, results',
  T7: 'work that outlives its authority',
  T9: 'logs and evidence',
  T10: 'what runs share',
  T11: 'instructions in what is read',
  T12: 'what is hidden in other forms',
  T13: 'oracles: what a refusal tells',
  T14: 'life cycle: revoked, removed, suspended',
  T15: 'no attacker: state and connections that are shared',
} as const
type Threat = keyof typeof threats

/** Every rule, grouped by surface. */
export const rules: readonly Rule[] = [
  {
    id: 'R1',
    surface: 'identity',
    says: 'A token is believed for the issuer, the audience, the algorithms and the types that were configured, and for no others.',
    threats: ['T1'],
    tests: [attacks('identity', 'should take a true token, or every refusal below would prove nothing')],
  },
  {
    id: 'R2',
    surface: 'identity',
    says: 'The tenant is exactly what the proof says; a proof without one is refused, and no default takes its place.',
    threats: ['T1', 'T2'],
    tests: [
      attacks('identity', 'should be the claim even if that is called __proto__'),
      attacks('identity', 'should be exactly the claim: %j'),
    ],
  },
  {
    id: 'R3',
    surface: 'identity',
    says: 'A principal counts where it was proved, and until its proof ends.',
    threats: ['T1'],
    tests: [
      attacks('boundary-forgery', 'should refuse the principal of the other'),
      attacks('boundary-life', 'should not be made of a principal whose proof is over'),
    ],
  },
  {
    id: 'R4',
    surface: 'identity',
    says: 'Ids are opaque: never trimmed, folded or normalised, and never empty.',
    threats: ['T2'],
    tests: [unit('encoding/id', 'should give an id back exactly as it came')],
  },
  {
    id: 'R5',
    surface: 'identity',
    says: 'A key is made of one list of ids, and of no other.',
    threats: ['T2', 'T5'],
    tests: [unit('encoding/exact-key', 'should be one key for one list of ids, and no other')],
  },
  {
    id: 'R6',
    surface: 'boundary',
    says: 'A boundary is what the maker made in this deployment; nothing else is taken for one.',
    threats: ['T1'],
    tests: [
      attacks('boundary-forgery', 'should take the real boundary, or every refusal below would prove nothing'),
      attacks('boundary-forgery', 'should refuse the boundary of the other, and one narrowed from it'),
    ],
  },
  {
    id: 'R7',
    surface: 'boundary',
    says: 'A boundary ends with the proof of its caller, with its time, and when it is revoked.',
    threats: ['T1', 'T7', 'T14'],
    tests: [
      attacks('boundary-life', 'should end with the proof of its principal, where that is sooner'),
      attacks('boundary-life', 'should be refused once its time is up, wherever it is used'),
    ],
  },
  {
    id: 'R8',
    surface: 'boundary',
    says: 'Narrowing only shrinks, in the process and in the database; what is empty or missing is not all.',
    threats: ['T1'],
    tests: [
      unit('boundary/narrow', 'should only shrink, at any depth'),
      unit('boundary/narrow', 'should leave none where an empty list is named, and all where nothing is'),
    ],
  },
  {
    id: 'R9',
    surface: 'boundary',
    says: 'A grant that is gone or has changed ends what was made from it, a run that would renew it too.',
    threats: ['T7', 'T14'],
    tests: [
      'test/liveness.test.ts › should renew it by a fresh grant, shortly before its end and as often as needed',
      attacks('boundary-life', 'should make somebody new of a person who was gone in between'),
    ],
  },
  {
    id: 'R10',
    surface: 'boundary',
    says: 'What a process remembers of one boundary is no answer for another.',
    threats: ['T5', 'T15'],
    tests: [attacks('boundary-life', 'should keep what one boundary was told from being an answer for another')],
  },
  {
    id: 'R11',
    surface: 'boundary',
    says: 'A record belongs where tenant and workspace, members of its own, are exactly the boundary’s; an absent one nowhere.',
    threats: ['T2'],
    tests: [
      unit('boundary/assert-in-boundary', 'should refuse what is missing and what is foreign in the same words'),
      attacks('boundary-forgery', 'should own no record that lacks its %s'),
    ],
  },
  {
    id: 'R12',
    surface: 'boundary',
    says: 'A label says whose an item is; it never changes hands, and never gains trust.',
    threats: ['T3', 'T11'],
    tests: [
      attacks('boundary-forgery', 'should not take a label over by labelling again'),
      attacks('boundary-forgery', 'should not make an item trusted or shared by labelling again'),
    ],
  },
  {
    id: 'R13',
    surface: 'database',
    says: 'The database believes a field of a token because it is signed: each of them.',
    threats: ['T1'],
    tests: [attacks('store-forgery', 'should be refused when it is %s')],
  },
  {
    id: 'R14',
    surface: 'database',
    says: 'A token ends with its time, its session, a raised epoch or version, a suspension and a removal.',
    threats: ['T1', 'T14'],
    tests: [
      attacks('store-forgery', 'should be refused when its time is over, and when it was revoked'),
      attacks('store-forgery', 'should be refused in another session'),
    ],
  },
  {
    id: 'R15',
    surface: 'database',
    says: 'A token opens what it was made for; without one a statement raises.',
    threats: ['T1'],
    tests: [
      attacks('store-forgery', 'should open nothing as a boundary'),
      attacks('store-forgery', 'should open no grant and no operator door'),
      attacks('store-no-token', 'no-token-raises: should refuse every function that takes a token'),
    ],
  },
  {
    id: 'R16',
    surface: 'database',
    says: 'Keys and directory are granted to nobody.',
    threats: ['T1'],
    tests: [attacks('store-no-token', 'key-unreadable: should refuse every statement on the directory and the keys')],
  },
  {
    id: 'R17',
    surface: 'database',
    says: 'A grant is of exactly this person of this issuer, in exactly this workspace of this tenant.',
    threats: ['T2'],
    tests: [
      attacks('store-forgery', 'should open its own grant alone, whatever looks alike'),
      attacks('store-forgery', 'should open nothing for a person of the same name whom somebody else vouches for'),
    ],
  },
  {
    id: 'R18',
    surface: 'database',
    says: 'Every customer table has a restrictive floor that compares tenant and workspace, and the person where a row is one person’s.',
    threats: ['T3', 'T4'],
    tests: [
      attacks('store-catalog', 'should have a floor that goes before every other restriction, for all commands'),
      attacks('store-cross-tenant', 'should see, change and remove no row of %s there'),
    ],
  },
  {
    id: 'R19',
    surface: 'database',
    says: 'Row security is enabled on every customer table, and binds its owner too.',
    threats: ['T3'],
    tests: [attacks('store-catalog', 'should have row security, enabled and forced')],
  },
  {
    id: 'R20',
    surface: 'database',
    says: 'The datasources in the token are the ones there are, and none is none.',
    threats: ['T4'],
    tests: [attacks('retrieval', 'should be the database’s too, for SQL that asks for everything')],
  },
  {
    id: 'R21',
    surface: 'database',
    says: 'Policies ask for the role that a write needs.',
    threats: ['T3', 'T4'],
    tests: [
      attacks('memory', 'should refuse writes to shared scopes by role, and rows of others by their keys'),
      attacks('retrieval', 'should let a viewer read and not write, in JavaScript and in the database'),
    ],
  },
  {
    id: 'R22',
    surface: 'database',
    says: 'What is written is checked: nobody writes in another’s name.',
    threats: ['T9'],
    tests: [attacks('store-cross-tenant', 'should put no row into %s there')],
  },
  {
    id: 'R23',
    surface: 'database',
    says: 'A table of the app’s own that was protected keeps rows apart by equality of tenant and workspace.',
    threats: ['T2'],
    tests: [attacks('tools-results', 'should see its own rows alone')],
  },
  {
    id: 'R24',
    surface: 'database',
    says: 'A transaction ends with the function that it was given to, and is not the app’s to begin, end or lend.',
    threats: ['T15'],
    tests: [
      attacks('store-transaction', 'should refuse what is sent after it has %s'),
      attacks('store-transaction', 'should not be reached by a second statement in one text, nor from inside a block'),
    ],
  },
  {
    id: 'R25',
    surface: 'database',
    says: 'A token that is remembered is remembered for its own boundary.',
    threats: ['T5', 'T15'],
    tests: [
      attacks(
        'store-discipline',
        'should keep interleaved operations of two tenants, two workspaces and two users apart',
      ),
    ],
  },
  {
    id: 'R26',
    surface: 'start-up',
    says: 'Nothing is served where isolation would not hold: another schema, a table without a floor, other keys.',
    threats: ['T15'],
    tests: [
      attacks('store-preflight', 'should refuse to serve when %s'),
      attacks('store-preflight', 'should refuse to serve with %s in reach'),
      attacks('store-folder', 'should be refused when they are another folder’s, and those of the data stay in it'),
    ],
  },
  {
    id: 'R27',
    surface: 'runs',
    says: 'State belongs to one run of one person, and ends with it and with its time.',
    threats: ['T7', 'T10'],
    tests: [
      attacks('runs', 'should be one run’s alone: of tenants, workspaces, users and two runs of one person'),
      attacks('runs', 'should be unreadable once it has expired, though no sweeper came by, and then be swept alone'),
      attacks('runs', 'should refuse everything in its name, and leave no state'),
    ],
  },
  {
    id: 'R28',
    surface: 'runs',
    says: 'A run ends once, and its end does not move.',
    threats: ['T7'],
    tests: [
      attacks(
        'store-evidence',
        'should not let SQL inside a boundary open a run that has ended, nor lengthen one that has not',
      ),
    ],
  },
  {
    id: 'R29',
    surface: 'audit',
    says: 'Evidence is added and never changed; its time, its person and its run are not the writer’s to say.',
    threats: ['T9'],
    tests: [
      attacks('audit', 'should be append-only for the application, and closed to events of others'),
      attacks('store-evidence', 'should not let SQL inside a boundary say when its evidence was written'),
    ],
  },
  {
    id: 'R30',
    surface: 'audit',
    says: 'A write and its event commit together; a read’s event is durable before what it read leaves.',
    threats: ['T9'],
    tests: [
      attacks('memory', 'should keep a write and its event together: without the event there is no write'),
      attacks('runs', 'should be durable before its text is there, and take nothing when it cannot be'),
    ],
  },
  {
    id: 'R31',
    surface: 'audit',
    says: 'A run is explained to its owner and to admins of its workspace, and evidence is read by them alone.',
    threats: ['T9'],
    tests: [
      attacks('audit', 'should answer its owner and the workspace’s admins, and refuse everybody else alike'),
      attacks('audit', 'should not explain by an event of %s'),
    ],
  },
  {
    id: 'R32',
    surface: 'runs',
    says: 'What enters a prompt carries a label of this tenant, workspace and person.',
    threats: ['T10', 'T11'],
    tests: [
      attacks('runs', 'should take nothing that carries no label: a text, a copy, a proxy, a look-alike'),
      attacks('runs', 'should not take a memory or state of %o'),
    ],
  },
  {
    id: 'R33',
    surface: 'memory',
    says: 'Every statement names owner and key by equality, beside the policy.',
    threats: ['T3'],
    tests: [
      attacks('memory', 'should give each of them its own memories in every scope, and nobody else’s'),
      attacks('memory', 'should overwrite and delete one key of one owner, and leave every look-alike'),
    ],
  },
  {
    id: 'R34',
    surface: 'memory',
    says: 'What a store returns is compared with the boundary and with the key.',
    threats: ['T3'],
    tests: [
      attacks('memory', 'should not get %s’s row past the owner check, and not delete by it'),
      attacks('memory', 'should not get an own row of another key past the check'),
    ],
  },
  {
    id: 'R35',
    surface: 'memory and retrieval',
    says: 'The surface asks for the role that a write needs, whatever the store asks for.',
    threats: ['T3', 'T4'],
    tests: [attacks('memory', 'should let %s write exactly the scopes that the role reaches, and always read')],
  },
  {
    id: 'R36',
    surface: 'memory',
    says: 'What a run saw becomes memory by promote() alone, which names its source; untrusted stays untrusted.',
    threats: ['T3', 'T11'],
    tests: [
      attacks('memory', 'should be what promote() takes: with its source named, and as untrusted as it was'),
      attacks('memory', 'should not pass set(), however deep they lie'),
    ],
  },
  {
    id: 'R37',
    surface: 'memory',
    says: 'Missing and somebody else’s leave one event, without the key.',
    threats: ['T9', 'T13'],
    tests: [attacks('memory', 'should answer and record the same, without the key that was asked for')],
  },
  {
    id: 'R38',
    surface: 'retrieval',
    says: 'What may not be seen is no candidate: filtered before it is ranked, by a list in which none is none.',
    threats: ['T4', 'T13'],
    tests: [
      attacks('retrieval', 'should push nothing out: a filter behind the ranking would lose what this one finds'),
      attacks('retrieval', 'should be narrowed by a caller, and never widened'),
    ],
  },
  {
    id: 'R39',
    surface: 'retrieval',
    says: 'What an index returns is compared with the boundary and with its datasources.',
    threats: ['T4'],
    tests: [attacks('retrieval', 'should not get a row of %s past the owner check, not even beside own rows')],
  },
  {
    id: 'R40',
    surface: 'retrieval',
    says: 'A slab owns its bytes, is found under its own key and generation, and pushes out nobody else’s.',
    threats: ['T4', 'T5'],
    tests: [
      unit('services/vectors/slab-cache', 'should keep keys apart that a join would run together'),
      unit('services/vectors/slab-cache', 'should not answer with another generation, newer or older'),
      unit(
        'services/vectors/exact-search',
        'should copy the driver’s blobs, which are views into a buffer that other rows share',
      ),
    ],
  },
  {
    id: 'R41',
    surface: 'tools',
    says: 'A tool that is not allowed does not exist: it is not listed, and refused like one that nobody registered.',
    threats: ['T6', 'T13'],
    tests: [
      attacks('tools-arguments', 'should not be listed'),
      attacks('tools-arguments', 'should be refused as one that nobody registered, whatever the input'),
    ],
  },
  {
    id: 'R42',
    surface: 'tools',
    says: 'An input that names tenant or workspace is refused, at any depth and however it is written.',
    threats: ['T6', 'T12'],
    tests: [
      unit('surfaces/tools/reserved-arguments', 'should find %s at any depth'),
      unit('surfaces/tools/owner-names', 'should find %j'),
    ],
  },
  {
    id: 'R43',
    surface: 'tools',
    says: 'A tool runs for the role that it asks for, and a sensitive one when a person has said yes.',
    threats: ['T6', 'T11'],
    tests: [
      attacks('tools-arguments', 'should let a role call what it reaches and nothing else: %s'),
      attacks('tools-approvals', 'should run once somebody else has consented to the very call, and no second time'),
    ],
  },
  {
    id: 'R44',
    surface: 'tools',
    says: 'Every id that the model gives is found inside the boundary before the tool runs: all of them.',
    threats: ['T2', 'T6'],
    tests: [
      attacks('tools-ids', 'should refuse own and foreign ids together, and write nothing'),
      attacks('tools-results', 'should hand on the own row alone out of more than was asked for'),
    ],
  },
  {
    id: 'R45',
    surface: 'tools',
    says: 'Missing and somebody else’s are one refusal, and leave one event.',
    threats: ['T6', 'T13'],
    tests: [
      attacks('tools-ids', 'should refuse foreign, missing and look-alike ids with the same bytes'),
      attacks('tools-ids', 'should leave the same events for foreign and missing ids, without the id'),
    ],
  },
  {
    id: 'R46',
    surface: 'tools',
    says: 'An answer leaves when every row in it, at any depth, is the boundary’s own.',
    threats: ['T6'],
    tests: [
      attacks('tools-results', 'should leave when every row is the boundary’s own'),
      attacks('tools-results', 'should be withheld when its owner cannot be told'),
    ],
  },
  {
    id: 'R47',
    surface: 'tools',
    says: 'What a tool is given works in its own call, and nowhere else.',
    threats: ['T6', 'T15'],
    tests: [attacks('tools-kept', 'should end a surface with its call')],
  },
  {
    id: 'R48',
    surface: 'tools',
    says: 'A tool that takes an id which nobody would look up is refused at its definition.',
    threats: ['T2', 'T6'],
    tests: [unit('surfaces/tools/unmarked-ids', 'should be refused: %s')],
  },
  {
    id: 'R49',
    surface: 'approvals',
    says: 'A consent is somebody else’s, of the role that the tool names, in the same workspace, as they stand at the call.',
    threats: ['T6', 'T7', 'T14'],
    tests: [
      attacks('tools-approvals', 'should not be given by who asked, in whatever role'),
      attacks('tools-approvals', 'should be over when who gave it was changed or removed before the call'),
    ],
  },
  {
    id: 'R50',
    surface: 'approvals',
    says: 'A consent serves one call: its run, tool and exact arguments, once, until its end; a no stands as long.',
    threats: ['T6', 'T7'],
    tests: [
      attacks('tools-approvals', 'should take the members of the arguments in any order, and no other arguments'),
      attacks('tools-approvals', 'should be told no for as long as the request stands'),
    ],
  },
  {
    id: 'R51',
    surface: 'database',
    says: 'Row security alone says who asks for a consent, who decides it, and who uses it up.',
    threats: ['T6'],
    tests: [
      attacks('tools-approvals', 'should be decided and used up by nobody else in SQL either'),
      attacks('tools-approvals', 'should not be seen or given by a role below, nor by a boundary narrowed to one'),
    ],
  },
  {
    id: 'R52',
    surface: 'database',
    says: 'Row security alone says whose an effect is and who settles it; a result is its member’s until it expires.',
    threats: ['T6', 'T15'],
    tests: [
      attacks('tools-effects', 'should be seen and settled by nobody else'),
      attacks(
        'tools-effects',
        'should keep a stored answer from an admin of the workspace, and take it along when the run ends',
      ),
    ],
  },
  {
    id: 'R53',
    surface: 'effects',
    says: 'A call that writes acts once: its key holds tenant, workspace, run, step, tool and arguments.',
    threats: ['T6', 'T15'],
    tests: [
      attacks('tools-effects', 'should act once for as many tries as there are, at the same time or later'),
      attacks('tools-effects', 'should act again for another run, step, tool, argument, person, workspace or tenant'),
    ],
  },
  {
    id: 'R54',
    surface: 'effects',
    says: 'What may have been made is made again on nobody’s guess; a holder lives while it says so.',
    threats: ['T7', 'T15'],
    tests: [
      attacks('tools-effects', 'should not be tried again when nobody can say whether it was made'),
      attacks('tools-effects', 'should tell a live holder from a dead one'),
    ],
  },
  {
    id: 'R55',
    surface: 'effects',
    says: 'A stored answer is judged like every other; what was withheld is not stored.',
    threats: ['T6'],
    tests: [attacks('tools-effects', 'should be withheld from every try, and stored by none')],
  },
  {
    id: 'R56',
    surface: 'effects',
    says: 'An effect begins in one transaction with its evidence; a change, its ids and its evidence are one.',
    threats: ['T6', 'T9'],
    tests: [
      attacks('tools-effects', 'should be made once by many at the same time, with its evidence'),
      attacks('tools-effects', 'should be refused whole when one of its ids is somebody else’s or nobody’s'),
    ],
  },
  {
    id: 'R57',
    surface: 'policy',
    says: 'No policy opens what the floor denies.',
    threats: ['T6', 'T14'],
    tests: [unit('boundary/policy', 'should be what a model of it on paper is')],
  },
  {
    id: 'R58',
    surface: 'policy',
    says: 'A policy allows by `true` alone, and is asked about records that were found.',
    threats: ['T6'],
    tests: [
      attacks('tools-policy', 'should allow nothing with %s'),
      attacks('tools-policy', "should not be asked of somebody else's record: %s"),
    ],
  },
]
