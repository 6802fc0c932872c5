// Written by webui/api/gents from the Go types. Do not edit.

/** A time, RFC 3339. */
export type Time = string;
/** A duration in milliseconds. */
export type Millis = number;

export interface Absence {
  queue: string;
  is: string;
  reason?: string;
  since: Time;
}

export interface Accept {
  user: string;
  invitation: string;
  password: string;
}

export interface AccountView {
  user: User;
  sessions: SessionView[];
  tokens: TokenView[];
  scopes: string[];
}

export interface Act {
  by: string;
  at: Time;
}

export interface Agent {
  extension: string;
  name: string;
  state: string;
  since: Time;
  until?: Time;
  queue?: string;
  absences?: Absence[];
  call?: string;
}

export interface AlertForm {
  to: string[];
  language: string;
  webhook: string;
  webhook_key: string;
  least: string;
  after: string;
  again: string;
}

export interface Appliance {
  board: string;
  version: string;
  made: Time;
  slot: string;
  trial: boolean;
  started: Time;
  updating: Updating;
  network: Network;
  ends: EndOf[];
}

export interface Audit {
  entries: Deed[];
}

export interface BackupDo {
  do: string;
}

export interface BackupForm {
  every: string;
  at: string;
  keep: number;
  recordings: boolean;
  passphrase: string;
  places: BackupPlaceForm[];
}

export interface BackupHeader {
  format: number;
  schema: number;
  version: string;
  box: string;
  made: Time;
  recordings: boolean;
}

export interface BackupJob {
  kind: string;
  began: Time;
  over: boolean;
  bytes: number;
  fault?: string;
  code?: string;
}

export interface BackupList {
  backups: BackupStored[];
}

export interface BackupPending {
  header: BackupHeader;
  place: string;
  name: string;
  holds: BackupSummary;
  now: BackupSummary;
  keeps_recordings: boolean;
}

export interface BackupPlaceForm {
  name: string;
  kind: string;
  path: string;
  server: string;
  user: string;
  password: string;
  host_key: string;
  bucket: string;
  region: string;
}

export interface BackupPrepare {
  place: string;
  name: string;
  passphrase: string;
}

export interface BackupProof {
  at: Time;
  place: string;
  name: string;
  fault?: string;
  code?: string;
  holds: BackupSummary;
}

export interface BackupResult {
  place: string;
  at: Time;
  name: string;
  size: number;
  fault?: string;
  code?: string;
}

export interface BackupState {
  last: BackupResult[];
  tried: string;
  retry: string;
  job?: BackupJob;
  proof?: BackupProof;
  next?: string;
  pending?: BackupPending;
}

export interface BackupStored {
  name: string;
  made: Time;
  size: number;
  own: boolean;
}

export interface BackupSummary {
  revision: number;
  extensions: number;
  queues: number;
  trunks: number;
  months: number;
  messages: number;
  recordings: number;
  files: number;
  bytes: number;
}

export interface Ban {
  source: string;
  account?: string;
  last: string;
  times: number;
  wrong: number;
  since: Time;
  until: Time;
}

export interface BulletinForm {
  name: string;
  to: string[];
  every: string;
  calendar: string;
  at: string;
  by: string;
  queue: string;
  language: string;
}

export interface BulletinList {
  bulletins: BulletinForm[];
  states: Standing[];
  mail: boolean;
}

export interface BulletinName {
  name: string;
}

export interface Call {
  id: string;
  started: Time;
  from: Party;
  to: string;
  origin: Origin;
  stage: string;
  legs: Leg[];
  listeners?: Listener[];
  recording?: string;
}

export interface CallBack {
  number: string;
  name?: string;
  at?: Time;
}

export interface CallRecord {
  call: string;
  started: Time;
  ended: Time;
  from: Party;
  to: string;
  origin: Origin;
  queue?: string;
  agent?: string;
  wait: Millis;
  ring: Millis;
  talk: Millis;
  hold: Millis;
  result: string;
  cause: string;
  outside?: boolean;
  diverted?: string;
  announce?: string[];
  mos?: number;
  grade?: string;
  visits?: Visit[];
}

export interface CallSound {
  legs: LegSound[];
}

export interface CallbackDo {
  do: string;
  at?: Time;
}

export interface CalledBack {
  id: string;
}

export interface CareSettings {
  mail: MailForm;
  alerts: AlertForm;
  backup: BackupForm;
  zone: string;
}

export interface CauseName {
  id: string;
  name: Words;
}

export interface Causes {
  causes: CauseName[];
}

export interface CertificateView {
  subject: string;
  issuer: string;
  names: string[];
  since: Time;
  until: Time;
  own: boolean;
  state: string;
}

export interface Change {
  kind: string;
  id: string;
  name?: string;
  what: string;
  path?: string;
  label: Text;
  old?: string;
  new?: string;
}

export interface Choice {
  value: string;
  label: Text;
}

export interface Claim {
  token: string;
  user: string;
  password: string;
}

export interface Comparison {
  from: Time;
  to: Time;
  zone: string;
  runs: number;
  exact: boolean;
  differs?: Time;
  figures: Figure[];
  closes: boolean;
  rests: Words[];
}

export interface Confer {
  do: string;
  member?: string;
}

export interface Conference {
  number: string;
  name?: string;
  since: Time;
  locked: boolean;
  waits: boolean;
  most: number;
  members: ConferenceMember[];
  recording?: string;
}

export interface ConferenceMember {
  leg: string;
  call: string;
  party: Party;
  moderator: boolean;
  muted: boolean;
  talking: boolean;
  since: Time;
}

export interface ConfigurationProblem {
  file?: string;
  line?: number;
  path: string;
  message: string;
  persian: string;
}

export interface Confirm {
  revision: number;
  keep: boolean;
}

export interface Contact {
  call: string;
  offered: Time;
  from: string;
  did?: string;
  way?: string;
  queue: string;
  agent?: string;
  outcome: string;
  reason?: string;
  wait: Millis;
  talk: Millis;
  wrap: Millis;
}

export interface Contacts {
  contacts: Contact[];
  all: number;
}

export interface Decision {
  at: Time;
  type: string;
  number?: string;
  queue?: string;
  agent?: string;
  cause?: string;
  reason?: string;
  text: string;
  short?: string;
  others?: Other[];
}

export interface Deed {
  at: Time;
  user: string;
  from?: string;
  what: string;
  code?: string;
  left?: number;
}

export interface Description {
  kinds: Kind[];
}

export interface Difference {
  changes: Change[];
  wrong: FieldWrong[];
}

export interface Dispose {
  code: string;
  agent?: string;
}

export interface Doing {
  agent: string;
  status: string;
  from: Time;
  to: Time;
  queue?: string;
  reason?: string;
}

export interface Done {
  done: boolean;
}

export interface EndOf {
  at: Time;
  how: string;
  lines: string[];
}

export interface Entry {
  id: string;
  call: string;
  began: Time;
  from: Party;
  to: string;
  queue?: string;
  with: string[];
  state: string;
  why?: string;
  length: number;
  size: number;
  lost?: number;
  gaps: Gap[];
  heard: Act[];
  deleted?: Act;
}

export interface Event {
  id: string;
  at: Time;
  kind: string;
  step?: Step;
  line?: Line;
  problem?: Trouble;
  over?: boolean;
  lost?: number;
}

export interface Field {
  path: string;
  type: string;
  label: Text;
  help: Text;
  unit: Text;
  min: number;
  max: number;
  zero: boolean;
  choices: Choice[];
  refers?: string;
  default?: string;
  example?: string;
  required: boolean;
  advanced: boolean;
  code: boolean;
}

export interface FieldWrong {
  path: string;
  message: string;
}

export interface Figure {
  id: string;
  real?: number;
  mean?: number;
  low?: number;
  high?: number;
}

export interface File {
  revision: number;
  yaml: string;
}

export interface Floor {
  queues: Queue[];
  agents: Agent[];
}

export interface FlowDetail {
  yaml: string;
  draft?: string;
  wrong: ConfigurationProblem[];
  advice: ConfigurationProblem[];
  history: Revision[];
}

export interface FlowDraft {
  yaml: string;
}

export interface FlowView {
  number: string;
  name: string;
  steps: number;
  drafted?: Time;
  author?: string;
}

export interface Formula {
  id: string;
  unit: string;
  name: Words;
  text: Words;
  variant?: string;
  of_agents?: boolean;
  drill?: boolean;
}

export interface Formulas {
  formulas: Formula[];
  zone: string;
}

export interface Gap {
  at: number;
  lasts: number;
}

export interface Held {
  state: string;
  asked: Time;
  due: Time;
  until: Time;
  booked?: boolean;
  tries: number;
}

export interface History {
  revisions: Revision[];
  trial?: Trial;
}

export interface HolidayChange {
  holiday: string;
  day?: string;
  move?: number;
  off?: boolean;
}

export interface HolidayNames {
  en: string;
  fa: string;
}

export interface HolidayView {
  key: string;
  names: HolidayNames;
  date: string;
  jalali: string;
  year: number;
  moon: boolean;
  reckoned: boolean;
}

export interface Hours {
  name: string;
  time_zone?: string;
  week?: { [key: string]: string[] };
  exceptions?: HoursException[];
  holidays?: string;
  changes?: HolidayChange[];
  own?: OwnHoliday[];
}

export interface HoursException {
  on: string;
  until?: string;
  name?: string;
  open?: string[];
}

export interface HoursState {
  name: string;
  open: boolean;
  until?: Time;
  zone: string;
  cause: string;
  names: HolidayNames;
}

export interface HoursView {
  revision: number;
  at: Time;
  states: HoursState[];
  hours: Hours[];
  holidays: HolidayView[];
}

export interface Invitation {
  name: string;
  code: string;
}

export interface Invite {
  name?: string;
  role: string;
  queues: string[];
  extension: string;
}

export interface Kind {
  id: string;
  single: boolean;
  name: Text;
  names: Text;
  help: Text;
  key: string;
  fields: Field[];
  risky: boolean;
}

export interface Leg {
  id: string;
  kind: string;
  device: string;
  agent?: string;
  state: string;
  since: Time;
  secure?: boolean;
  mos?: number;
  grade?: string;
}

export interface LegRecord {
  leg: string;
  device: string;
  party: Party;
  agent?: string;
  caller?: boolean;
  began: Time;
  ring: Millis;
  talk: Millis;
  hold: Millis;
  cause?: string;
  mos?: number;
  grade?: string;
}

export interface LegSound {
  leg: string;
  codec: string;
  relayed: boolean;
  says: Level;
  hears: Level;
  quality?: Quality;
}

export interface Legs {
  legs: LegRecord[];
  recordings: Entry[];
}

export interface Level {
  level: number;
  silent: boolean;
  tone: number;
}

export interface Lift {
  source: string;
}

export interface Line {
  port: string;
  kind: string;
  name: string;
  extension?: string;
  state: string;
  volts: number;
  milliamps: number;
  caller?: Party;
  call?: string;
  fault?: string;
}

export interface ListenIn {
  by: string;
  how: string;
}

export interface Listener {
  who: Party;
  how: string;
  state: string;
  since: Time;
}

export interface LogAttr {
  key: string;
  value: string;
}

export interface LogRecord {
  at: Time;
  level: string;
  text: string;
  attrs: LogAttr[];
}

export interface Logs {
  records: LogRecord[];
}

export interface MadeToken {
  token: string;
}

export interface MailForm {
  server: string;
  security: string;
  user: string;
  password: string;
  from: string;
}

export interface MailState {
  on: boolean;
  waiting: number;
  sent?: Time;
  fault?: string;
}

export interface MailTest {
  to: string;
}

export interface MailboxView {
  number: string;
  name: string;
  new: number;
  old: number;
}

export interface MarkMessage {
  heard: boolean;
}

export interface Me {
  box: string;
  language: string;
  claimed: boolean;
  user?: string;
  version: string;
  role?: string;
  rights: string[];
  queues: string[];
  extension?: string;
  demo: boolean;
  setup: boolean;
  appliance: boolean;
}

export interface Message {
  id: string;
  box: string;
  call: string;
  from: Party;
  left: Time;
  length: number;
  heard: boolean;
  by?: string;
}

export interface MusicClass {
  name: string;
  files: string[];
  order: string;
  continuous: boolean;
}

export interface MusicUse {
  class: string;
  kind: string;
  of: string;
}

export interface Named {
  id: string;
  name?: string;
}

export interface Names {
  names: { [key: string]: Named[] };
}

export interface Network {
  interface: string;
  address: string;
  how: string;
  settings: NetworkSettings;
  until?: Time;
}

export interface NetworkSettings {
  address: string;
  gateway: string;
  dns: string[];
  vlan: number;
}

export interface NewPassword {
  old: string;
  password: string;
}

export interface NewToken {
  name: string;
  scopes: string[];
  days: number;
  password: string;
}

export interface Offer {
  secret: string;
  uri: string;
  path: string;
  size: number;
}

export interface Origin {
  extension?: string;
  line?: string;
  trunk?: string;
  did?: string;
}

export interface Other {
  agent?: string;
  why: string;
}

export interface Outcome {
  ok: boolean;
  detail?: string;
}

export interface Overtaken {
  error: ProblemDetail;
  revision: number;
  changes: Change[];
  thing?: Thing;
}

export interface OwnHoliday {
  on: string;
  name: string;
}

export interface Party {
  number: string;
  name?: string;
}

export interface Peaks {
  length: number;
  channels: number[][];
}

export interface Phone {
  extension: string;
  name: string;
  contact: string;
  source: string;
  transport: string;
  agent: string;
  since: Time;
  expires: Time;
}

export interface Problem {
  error: ProblemDetail;
}

export interface ProblemDetail {
  code: string;
  message: string;
  field?: string;
}

export interface Prompt {
  unit: string;
  text: string;
  number: string;
  missing: boolean;
}

export interface Proof {
  code?: string;
  password?: string;
}

export interface Protection {
  bans: Ban[];
  turned: Turned;
}

export interface Quality {
  codec: string;
  from: Way;
  to: Way;
  roundTrip: number;
}

export interface Queue {
  number: string;
  name: string;
  waiting: Waiting[];
  talking: number;
  strategy: string;
  agents: string[];
  calls_back?: boolean;
}

export interface QueueForm {
  number: string;
  value: unknown;
  uses: Use[];
}

export interface QueueForms {
  revision: number;
  queues: QueueForm[];
}

export interface QueueSlots {
  slots: Slot[];
}

export interface RecordCall {
  do: string;
}

export interface Recordings {
  recordings: Entry[];
  more: boolean;
  space: Space;
}

export interface Records {
  records: CallRecord[];
  more: boolean;
  recorded: string[];
}

export interface Recovery {
  codes: string[];
}

export interface Reference {
  kind: string;
  id: string;
  name?: string;
  path: string;
  label: Text;
}

export interface Rename {
  name: string;
}

export interface Report {
  from: Time;
  to: Time;
  zone: string;
  now: Time;
  threshold: Millis;
  short: Millis;
  days: number;
  by: string;
  total: Row;
  shares: { [key: string]: Share };
  rows: Row[];
  closes: boolean;
  difference: number;
  unclosed: Unclosed[];
}

export interface Retention {
  announce: boolean;
  keep_days: number;
  max_size_mb: number;
  min_free_mb: number;
  warn_days: number;
}

export interface Revision {
  number: number;
  at: Time;
  author: string;
  note?: string;
}

export interface Ring {
  agent: string;
  after: Millis;
  rang: Millis;
  end?: string;
}

export interface RollBack {
  revision: number;
}

export interface Row {
  key: string;
  at?: Time;
  values: { [key: string]: number };
  overflow: { [key: string]: number };
}

export interface SIPMessage {
  at: Time;
  in: boolean;
  network: string;
  local: string;
  peer: string;
  text: string;
}

export interface SIPTrace {
  messages: SIPMessage[];
}

export interface SessionView {
  id: string;
  device: string;
  from: string;
  started: Time;
  used: Time;
  here: boolean;
}

export interface Settings {
  revision: number;
  recording: Retention;
  tones: Tone[];
}

export interface SetupBox {
  name: string;
  language: string;
  time_zone: string;
  country: string;
}

export interface SetupCall {
  extension: string;
}

export interface SetupCalled {
  call: string;
  state: string;
  why?: string;
}

export interface SetupCard {
  number: string;
  name: string;
  secret: string;
}

export interface SetupGreet {
  prompts: string[];
}

export interface SetupGreeting {
  prompts: string[];
  text: string;
  chosen: boolean;
  number: string;
  unit: string;
}

export interface SetupHours {
  week: { [key: string]: string[] };
  holidays: string;
  own: OwnHoliday[];
}

export interface SetupLine {
  port: string;
  state: string;
  set: boolean;
}

export interface SetupMade {
  view: SetupView;
  made: SetupCard[];
}

export interface SetupMove {
  skip?: string;
  done?: string;
  at?: string;
  end?: boolean;
}

export interface SetupPeople {
  first?: string;
  count?: number;
  csv?: string;
}

export interface SetupPerson {
  number: string;
  name: string;
}

export interface SetupProvider {
  id: string;
  name: Text;
  help: Text;
  ask: string[];
  need: string[];
  trunk: { [key: string]: unknown };
}

export interface SetupStep {
  id: string;
  standing?: string;
}

export interface SetupTo {
  kind: string;
  keys?: { [key: string]: string };
}

export interface SetupView {
  open: boolean;
  at: string;
  steps: SetupStep[];
  box: SetupBox;
  appliance: boolean;
  sip_port: number;
  sips_port: number;
  domain: string;
  extensions: SetupPerson[];
  lines: SetupLine[];
  providers: SetupProvider[];
  trunk: string;
  hours: Hours;
  greetings: SetupGreeting[];
  to: SetupTo;
  entry: string;
}

export interface SetupWay {
  kind: string;
  provider?: string;
  values?: { [key: string]: unknown };
  prefix: string;
  ports?: string[];
}

export interface Share {
  over: number;
  under: number;
}

export interface SignIn {
  user: string;
  password: string;
  code?: string;
}

export interface SimCall {
  number: string;
  name: string;
  release: string;
}

export interface SimKeys {
  digits: string;
}

export interface SimLine {
  port: string;
  state: string;
  number?: string;
  name?: string;
  since?: Time;
  heard: Millis;
}

export interface SimPhone {
  port: string;
  extension?: string;
  state: string;
  caller?: string;
  since?: Time;
  heard: Millis;
}

export interface SimTone {
  hz: number;
}

export interface Simulated {
  lines: SimLine[];
  phones: SimPhone[];
}

export interface Slot {
  from: Time;
  until: Time;
  free: number;
}

export interface Sound {
  id: string;
  name: string;
  unit?: string;
  added: Time;
  length: number;
  loudness: number;
  state: string;
  done: number;
  problem?: { [key: string]: string };
  used_by: string[];
}

export interface SoundList {
  sounds: Sound[];
  music: MusicClass[];
  prompts: Prompt[];
  uses: MusicUse[];
}

export interface Space {
  kept: number;
  free: number;
  floor: number;
  full: boolean;
}

export interface Staffing {
  queue: string;
  days: StaffingDay[];
  calls: number;
  few: boolean;
  within: number;
  wait: Millis;
  abandoned: number;
  halves: StaffingHalf[];
}

export interface StaffingDay {
  day: string;
  calls: number;
  empty?: boolean;
  holiday?: HolidayNames;
}

export interface StaffingHalf {
  from: number;
  calls: number;
  rate: number;
  low: number;
  high: number;
  handle: StaffingMean;
  patience: StaffingMean;
  need: number;
  least: number;
  most: number;
  within: number;
  abandoned: number;
  busy: number;
  on_duty: number;
  reached: number;
  lost: number;
  few?: boolean;
}

export interface StaffingMean {
  mean: Millis;
  of: number;
  from: string;
}

export interface Standing {
  name: string;
  sent?: Time;
  next: Time;
}

export interface State {
  now: Time;
  lines: Line[];
  phones: Phone[];
  trunks: Trunk[];
  floor: Floor;
  calls: Call[];
  switches: Switch[];
  hours: HoursState[];
  conferences: Conference[];
  supervisors: string[];
  records: CallRecord[];
  health: Trouble[];
  protection: Protection;
  simulator?: Simulated;
}

export interface Step {
  call: string;
  at: Time;
  type: string;
  leg?: string;
  device?: string;
  party?: Party;
  number?: string;
  queue?: string;
  agent?: string;
  cause?: string;
  reason?: string;
  value?: string;
  origin?: Origin;
  minutes?: number;
  expected_ms?: number;
  quality?: Quality;
}

export interface StorageChip {
  device?: string;
  kind?: string;
  name?: string;
  written?: number;
  worn?: number;
  reserve?: number;
}

export interface StorageDay {
  day: string;
  free: number;
  written: number;
}

export interface StorageState {
  size: number;
  free: number;
  days_left: number;
  days: StorageDay[];
  writes: StorageWrite[];
  slow_ms: number;
  chip: StorageChip;
}

export interface StorageWrite {
  at: Time;
  ms: number;
}

export interface Story {
  steps: Step[];
  lines: string[];
  recordings: Entry[];
}

export interface Supervise {
  do: string;
  queue?: string;
  reason?: string;
  minutes?: number;
}

export interface Switch {
  number: string;
  name: string;
  on: boolean;
  day?: boolean;
  hours?: string[];
  closed: boolean;
  by?: string;
  at?: Time;
}

export interface Text {
  en: string;
  fa: string;
}

export interface Thing {
  id: string;
  value: unknown;
}

export interface ThingView {
  revision: number;
  thing: Thing;
  uses: Reference[];
  trial?: Trial;
}

export interface Things {
  revision: number;
  things: Thing[];
}

export interface TimeState {
  now: Time;
  zone: string;
  synced: boolean;
  error_ms: number;
}

export interface Timeline {
  doings: Doing[];
}

export interface TokenView {
  id: string;
  name: string;
  scopes: string[];
  created: Time;
  expires: Time;
  used?: Time;
}

export interface Tone {
  name: string;
  own: boolean;
  hz: number[];
  level: number;
  cadence: number[];
}

export interface Trial {
  revision: number;
  back: number;
  author: string;
  until: Time;
}

export interface Tried {
  at: Time;
  lines: string[];
  steps: Step[];
  cut: boolean;
}

export interface Trouble {
  id: string;
  severity: string;
  text: { [key: string]: string };
  fix: { [key: string]: string };
  detail?: string;
  since: Time;
}

export interface Trunk {
  name: string;
  state: string;
  server: string;
  detail?: string;
  since: Time;
  expires?: Time;
  calls: number;
  most?: number;
}

export interface Turn {
  on: boolean;
  day?: boolean;
}

export interface Turned {
  banned: number;
  scanners: number;
  flooding: number;
  broken: number;
  doors: number;
  wrong: number;
  shed: number;
  faults: number;
}

export interface Unclosed {
  call: string;
  queue: string;
  offered: Time;
}

export interface Updating {
  version?: string;
  written: number;
  size: number;
  waiting: boolean;
}

export interface Use {
  kind: string;
  of: string;
}

export interface User {
  name: string;
  role: string;
  queues: string[];
  extension: string;
  invited?: Time;
  active: boolean;
  second: boolean;
  changed?: Time;
}

export interface UserList {
  users: User[];
  roles: string[];
}

export interface Usher {
  do: string;
  queue?: string;
  by?: string;
}

export interface Visit {
  queue: string;
  offered: Time;
  outcome?: string;
  reason?: string;
  agent?: string;
  wait: Millis;
  expected?: Millis;
  talk?: Millis;
  hold?: Millis;
  wrap?: Millis;
  transferred?: boolean;
  rings?: Ring[];
  callback?: string;
  delay?: Millis;
  survey?: { [key: string]: string };
  disposition?: string;
}

export interface Voicemail {
  boxes: MailboxView[];
  messages: Message[];
}

export interface Waiting {
  call: string;
  party: Party;
  position: number;
  joined: Time;
  offered?: string;
  priority?: number;
  minutes?: number;
  callback?: boolean;
  held?: Held;
}

export interface Wall {
  now: Time;
  box: string;
  queues: WallQueue[];
}

export interface WallQueue {
  number: string;
  name: string;
  waiting: number;
  since?: Time;
  free: number;
  talking: number;
  paused: number;
  busy: number;
  away: number;
}

export interface Watch {
  phone: string;
  trunk: string;
  from: string;
  seconds: number;
}

export interface Watching {
  id: string;
}

export interface Way {
  packets: number;
  lost: number;
  burst: number;
  jitter: number;
  discarded: number;
  concealed: number;
  mos: number;
}

export interface WebhookDelivery {
  id: string;
  kind: string;
  type?: string;
  made: Time;
  tries: number;
  next?: Time;
  over?: Time;
  taken: boolean;
  answer?: string;
  body?: unknown;
}

export interface WebhookList {
  webhooks: WebhookState[];
}

export interface WebhookState {
  name: string;
  waiting: number;
  since?: Time;
  off: boolean;
  told: WebhookDelivery[];
}

export interface Words {
  en: string;
  fa: string;
}

export interface Wrong {
  error: ProblemDetail;
  fields: FieldWrong[];
}

export interface ZoneForm {
  zone: string;
}
