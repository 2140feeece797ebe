/** How a platform spells its configuration, as data. Code stands only in the engine; a dialect names what applies.
 *
 *  Patterns of `Rule.line` are words separated by one blank:
 *  - `word` stands for itself
 *  - `{type}` is a capture that belongs to the statement's identity, `<type>` one that is its value
 *  - `{in|out}`, `<a|b>` is a choice of words; `Vlan{vlan}` a capture after a fixed beginning
 *  - `<...>` / `{...}` takes all remaining words, also none; `<text>` at least one, kept as typed
 *  A statement's slot (what is overwritten by a second line) is the pattern without its values. */
export interface Dialect {
  readonly platform: string;
  readonly title: string;
  /** How the text is written: by indentation, by braces or set lines (Junos), by `config … end` (FortiOS),
   *  by menus of `add` and `set` lines (RouterOS). */
  readonly layout: "indent" | "braces" | "sections" | "menus";
  /** A line that begins so is a comment or a separator. */
  readonly comments: readonly string[];
  /** Lines that a device prints but does not hold; removed and counted. */
  readonly noise: readonly { readonly pattern: RegExp; readonly source: string }[];
  /** Lines that close a block or the text: kept in the tree, never typed. */
  readonly closers: readonly string[];
  /** Statements that run over several lines. */
  readonly raw: readonly RawText[];
  /** `no` or `undo`. */
  readonly negation: string;
  /** `exit` or `quit`. */
  readonly leave: string;
  /** What follows the negation where a rule says nothing: the whole line, or its identity only. */
  readonly removal: "line" | "identity";
  /** Capture types beside namespaces. */
  readonly types: Readonly<Record<string, RegExp>>;
  /** Kinds of named things; a capture of this type is a use, unless its rule defines it. */
  readonly namespaces: Readonly<Record<string, Namespace>>;
  readonly interfaceNames: InterfaceNames;
  /** Statements by context: `root`, what rules name as their `block`, and `*` for any. */
  readonly contexts: Readonly<Record<string, readonly Rule[]>>;
  /** Contexts whose statements are an ordered list with numbers. */
  readonly sequences: Readonly<Record<string, SequenceSyntax>>;
  /** Contexts whose blocks stand in an order that counts (terms, rules, policies). */
  readonly ordered?: Readonly<Record<string, OrderedSyntax>>;
  /** What tells the entries of a menu apart, by context (RouterOS). */
  readonly menus?: Readonly<Record<string, MenuSyntax>>;
  /** Words inside list entries that are followed by a name: `{"object-group": "objectgroup"}`. */
  readonly entryUses?: Readonly<Record<string, string>>;
  readonly equalities: readonly Equality[];
  readonly secrets: readonly SecretForm[];
  /** Command that puts a physical interface back to default (`$1` is its name); absent: line by line. */
  readonly resetCommand?: string;
  /** Lines that betray the platform, for "this looks like …". */
  readonly signs: readonly RegExp[];
  /** What keeps a management session alive. */
  readonly access?: AccessModel;
  readonly filterBindings?: readonly FilterBinding[];
  /** Rules that a reader of whole texts understands, where they take effect object by object. */
  readonly liveFilters?: LiveFilters;
  /** The device takes all commands at one moment (a commit): nothing happens in between. */
  readonly atomic?: true;
  /** How the lists that those bindings name are read as filters. */
  readonly filters?: FilterSyntax;
}

export interface Namespace {
  /** Names that exist without a definition. */
  readonly builtin?: RegExp;
  /** True where a use of a missing name is normal (a trunk may list VLANs that do not exist). */
  readonly loose?: boolean;
  /** True where what stands inside the definition takes effect through its uses (filters): it is complete
   *  before the first use and left alone until the last use is gone. */
  readonly content?: boolean;
  /** True where names differ only in case. */
  readonly foldCase?: boolean;
  readonly source: string;
}

export interface InterfaceNames {
  /** Shortest accepted beginning and full name, first match wins: `["gi", "GigabitEthernet"]`. */
  readonly short: readonly (readonly [string, string])[];
  /** Interfaces that cannot be deleted. */
  readonly physical: RegExp;
  /** A line below the header that tells an interface that can be deleted, whatever its name. */
  readonly virtual?: RegExp;
  /** Lines that a physical interface has by itself: they say nothing there, and stay when the others go. */
  readonly given?: RegExp;
  readonly source: string;
}

export interface Rule {
  readonly line: string;
  /** Context of the lines below it. */
  readonly block?: string;
  /** Namespaces that its captures of that type define, or `namespace=name` for a constant. */
  readonly defines?: readonly string[];
  /** Constants that must exist before: `feature=dhcp`; `local=…` within the same block. */
  readonly needs?: readonly string[];
  /** Command that takes it away: `$1` is the first capture, `$line` the whole; default by `Dialect.removal`. */
  readonly remove?: string;
  /** Canonical lines that say the same as no line at all. */
  readonly absent?: readonly string[];
  /** A name that only one line of the device may hold, `$1`, or `$net` for the network of captures 1 and 2;
   *  it is released before it is taken. */
  readonly exclusive?: string;
  /** Lines that differ in `{...}` stand beside each other: the new one comes before the old one goes. Where the table
   *  does not say so, a new line may take the place of the old one, which then goes first. */
  readonly many?: true;
  /** A name that several lines may hold together, but not beside one that holds it alone (`exclusive`). */
  readonly shares?: string;
  /** What the line watches over, `$1`: it stands before a line that `opens` the same under one top block, and goes after it. */
  readonly guards?: string;
  /** What the line lets in, `$1` (routes of a neighbor). */
  readonly opens?: string;
  /** Top blocks that are ready before the line comes, and change only once it is gone (what a filter filters). */
  readonly frames?: RegExp;
  /** `false`: the device refuses to overwrite. `more`: words of the old line stay unless the new one has them. `chain`:
   *  names in an order, of which one can go, or some can come at the end. Otherwise the old line goes first. */
  readonly overwrite?: false | "more" | "chain";
  readonly set?: SetSyntax;
  /** `negate` (default): a block exists by its header. `implicit`: it exists by itself, an empty one says nothing
   *  and its lines are removed one by one. `interface`: implicit where the name is physical, else `negate`.
   *  `optional`: a block only where lines stand below it. `entries`: no header is ever typed, the list is there with its
   *  first entry and goes with its last one, or as a whole by `remove`. */
  readonly life?: "negate" | "implicit" | "interface" | "optional" | "entries";
  /** Slot of a set that the block's capture belongs to (`vlan 10` adds 10 to `vlan batch`). */
  readonly implies?: string;
  /** The line is an entry of a list block: `access-list 10 permit any`. */
  readonly entryOf?: readonly { readonly when: RegExp; readonly header: string }[];
  /** The captures are a range of numbers that may be cut anywhere: `line vty 0 4`. */
  readonly range?: true;
  /** One statement for each listed element: `vlan 10,20` (`vlans`), `vlan 2 to 5` (`span`). */
  readonly each?: "vlans" | "span";
  /** Words in the rest of the line that are followed by a name: `group X`. */
  readonly textUses?: Readonly<Record<string, string>>;
  /** Beginning of slots in the same block that go with this line: `neighbor $1 `. */
  readonly owns?: string;
  /** The command that takes away all blocks of which it can be said (the clauses of a route map): `no route-map $1`. */
  readonly family?: string;
  /** Beginnings of slots in the same block that the device wipes when this line changes. */
  readonly clears?: readonly string[];
  /** Lines of other blocks that the device wipes when this line comes. */
  readonly wipes?: { readonly block: RegExp; readonly slots: readonly string[] };
  /** What changes in the block takes effect with this line: it is typed again behind the others. */
  readonly activates?: true;
  /** What the negated line brings and takes (`no switchport` makes a layer-3 port). */
  readonly negated?: { readonly defines: readonly string[]; readonly undefines: readonly string[] };
  /** The device never shows the line: its absence in running says nothing. Typed where a name that it uses is new,
   *  or its secret is rotated. */
  readonly hidden?: true;
  /** `slot`: the values say nothing (a list's number beside its name); default: the whole line. */
  readonly compare?: "slot";
  readonly source?: string;
}

export interface SetSyntax {
  /** Namespace of the elements. */
  readonly of: string;
  readonly style: "cisco" | "huawei";
  /** What holds without a line: list text, may be empty. */
  readonly absent: string;
  /** What a plain list does: replace what stood, or add to it. */
  readonly plain: "assign" | "add";
  /** `$set` is the list, `$1` captures. */
  readonly add: string;
  readonly remove: string;
  readonly assign?: string;
  /** Command for the empty set and for the way back to `absent`. */
  readonly none?: string;
  readonly reset?: string;
  /** Elements or ranges that one line takes, and its length in characters. */
  readonly maxItems?: number;
  readonly maxChars?: number;
  /** An element is in one of the block's lists of this name at a time: it leaves one before it enters another. */
  readonly apart?: string;
  readonly source: string;
}

export interface SequenceSyntax {
  /** Number first (`10 permit …`), after a word (`rule 5 permit …`, `sequence 10 permit …`). */
  readonly word?: string;
  /** Words that an entry begins with. */
  readonly entries: readonly string[];
  /** Distance of numbers given by the device. */
  readonly step: number;
  readonly add: string;
  readonly remove: string;
  /** Takes an entry away by its words, on a device that may show a list without its numbers. */
  readonly removeByText?: string;
  /** Where entries are typed: in the block of the list (default), or at root with `$name` in `add` and `remove`. */
  readonly typedAt?: "root";
  /** The device takes another entry under a number in use, at one moment. */
  readonly overwrites?: true;
  /** The entries decide about routes, spelled `10.0.0.0/8 ge 16 le 24` (`slash`) or `10.0.0.0 8 greater-equal 16` (`words`). */
  readonly routes?: "slash" | "words";
  /** Commands that renumber all entries; `$name` is the list, `$step` the distance. None: entries that are in the way
   *  of new ones move. */
  readonly resequence: readonly string[];
  /** The first number after renumbering; default `step`. */
  readonly renumbersFrom?: 0;
  /** Where the commands of `resequence` are typed. */
  readonly resequenceIn: "root" | "block";
  /** Commands after which the numbers stand `step` apart again; typed last where renumbering changed the step. */
  readonly settle?: readonly string[];
  /** Widest step that the device takes. */
  readonly maxStep?: number;
  /** Entries are members of a set: their order says nothing, their numbers only name them. */
  readonly unordered?: true;
  /** Slot of the line that sets the step, where the platform has one. */
  readonly stepSlot?: string;
  /** A second line that belongs to an entry: `rule 5 description …`. */
  readonly note?: string;
  readonly removeNote?: string;
  /** What an entry-less list does where it is applied. */
  readonly emptyMeans: "permit" | "deny";
  readonly source: string;
}

/** Blocks of one context whose order counts. */
export interface OrderedSyntax {
  /** Beginning of the slots of those blocks (`term `); empty: every block. */
  readonly head: string;
  /** Slot of a line in each block that parts them into lists of their own (`chain=`). */
  readonly group?: string;
  readonly source: string;
}

/** What tells the entries of a menu apart. */
export interface MenuSyntax {
  /** Properties, in the order of preference; the first group that an entry has names it. None: all properties. */
  readonly keys: readonly (readonly string[])[];
  /** Property that the device works out of `address` where it is not given. */
  readonly network?: string;
  readonly source: string;
}

/** Two spellings of one thing. */
export type Equality =
  | {
      readonly kind: "words";
      readonly contexts: readonly string[];
      /** Only behind these words, as long as translated words or numbers follow. */
      readonly after: readonly string[];
      readonly map: Readonly<Record<string, string>>;
      readonly source: string;
    }
  | {
      readonly kind: "sequence";
      readonly contexts: readonly string[];
      /** Words, `<ip>` for an address, `$` for the end of the line. */
      readonly from: readonly string[];
      readonly to: readonly string[];
      readonly source: string;
    }
  | {
      readonly kind: "hook";
      readonly contexts: readonly string[];
      readonly hook:
        | "wildcard-base"
        | "fold-case"
        | "mask-length"
        | "prefix-form"
        | "mask-length"
        | "slash-mask"
        | "hybrid-list"
        | "area-form"
        | "group-names"
        | "host-prefix"
        | "yes-no";
      readonly source: string;
    };

/** Where a secret stands in a line. */
export interface SecretForm {
  /** The part of the canonical line that spells the secret; group 1 is the secret itself. */
  readonly pattern: RegExp;
  /** What the part becomes for comparison; holds `<secret>`. */
  readonly canonical: string;
  /** True where the device shows another text for the same secret now and then. */
  readonly resalted: boolean;
  readonly source: string;
}

export interface RawText {
  readonly start: RegExp;
  /** `delimiter`: until the character (or `^C`) of group 1 comes again; else a line that matches. */
  readonly end: "delimiter" | RegExp;
  readonly source: string;
}

/** How a management session reaches the device and is let in; every pattern is matched against canonical lines. */
export interface AccessModel {
  /** Blocks of the lines that sessions come in by. */
  readonly terminal: RegExp;
  /** The filter of such a line, group 1 its name. */
  readonly terminalFilter: RegExp;
  /** The filter that the SSH server itself has, at root, group 1 its name. */
  readonly serverFilter?: RegExp;
  /** What sessions it takes: group 1 the protocols; a line without it takes all. */
  readonly transport: RegExp;
  readonly secureTransport: RegExp;
  /** Lines of which one must stand if one stood before (the SSH server). */
  readonly services: readonly RegExp[];
  /** A user who may log in, at root or in the named block. */
  readonly user: { readonly block?: string; readonly line: RegExp };
  /** The line that lets a user in by SSH, where users are told what they may use. */
  readonly service?: RegExp;
  readonly interface: RegExp;
  /** Address and mask of an interface. */
  readonly address: RegExp;
  readonly down: RegExp;
  readonly filterIn: RegExp;
  /** Prefix, mask and next hop of a static route. */
  readonly route: RegExp;
  /** The gateway of a device that does not route. */
  readonly gateway?: RegExp;
  /** Set where a session may end with the command that takes its address away, and the dead-man stands. */
  readonly moves?: true;
  readonly source: string;
}

/** Where a filter takes effect. */
export interface FilterBinding {
  /** Blocks that hold the binding line. */
  readonly block: RegExp;
  /** The binding line: group `name`, and what else tells one binding point from another. */
  readonly line: RegExp;
  readonly namespace: string;
  /** The family that it filters; default 4. A place may have one of each. */
  readonly family?: 6;
  /** What it does with a packet that no entry names. */
  readonly otherwise: "permit" | "deny";
  readonly source: string;
}

/** How numbered lists are read as packet filters. */
export interface FilterSyntax {
  /** Whose spelling the entries have. */
  readonly entries: "cisco" | "huawei";
  /** Kinds of lists, the first whose header matches counts. */
  readonly lists: readonly FilterKind[];
  /** Groups of addresses or services that entries name, all of one namespace. */
  readonly groups?: readonly FilterGroup[];
  readonly source: string;
}

/** One kind of list. */
export interface FilterKind {
  readonly header: RegExp;
  readonly family: 4 | 6;
  /** Entries name the source only. */
  readonly basic?: true;
  /** Neighbour discovery passes before the implicit deny. */
  readonly neighbours?: true;
}

/** One kind of group. */
export interface FilterGroup {
  readonly header: RegExp;
  readonly kind: "network" | "service";
  readonly namespace: string;
  /** Where the device refuses that a group in use loses its last member: the lines that are no members. */
  readonly keepsMember?: { readonly except: RegExp; readonly source: string };
}

/** Filters that are read from the text, on a device where each object or line takes effect when it is complete. */
export interface LiveFilters {
  readonly reader: "fortios" | "routeros";
  /** Slots of the top blocks that a filter depends on. */
  readonly sections: RegExp;
  readonly source: string;
}
