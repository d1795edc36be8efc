/* tslint:disable */
/* eslint-disable */
/** The options of a {@link Bilik}. */
export interface BilikOptions {
    /** Base addresses of the site's mirrors, each ending in a slash. No other address is ever asked. */
    mirrors: string[];
    /** The operator's public key or keys: the line in `KEY.pub`. Never taken from the network. */
    publicKey: string | string[];
    /** How many of the keys must have signed (default 1). */
    threshold?: number;
    /** The id of the only election to accept; without it, any election that the keys signed. */
    election?: string;
    /** Latency and bandwidth from the page's own load, which tell a slow mirror from a slow line. */
    line?: {
        /** Milliseconds to the first byte of the page, if it came from the network. */
        firstByte?: number;
        /** Bytes per second of the page's own files. */
        rate?: number;
    };
    /**
     * Derives the keys of a search on several cores, by `KeyDeriver` in other workers: gives how many are done, and returns
     * all of them in a row, 32 bytes each. Without it, the module derives them one after another.
     */
    derive?: (search: Uint8Array, keys: number) => AsyncGenerator<number, Uint8Array>;
}

/** A voter's details. Either `nik`, or `birthDate`, `sex` and `district` (the same 12 digits). */
export interface Question {
    /** The first 12 digits of the NIK; spaces and dots are ignored, whatever follows the twelfth digit is dropped. */
    nik?: string;
    /** `YYYY-MM-DD`. */
    birthDate?: string;
    /** `f` or `m`. */
    sex?: 'f' | 'm';
    /** The six digits of the district where the NIK was first issued. */
    district?: string;
    /** The name on the identity card; spelling and titles do not matter. */
    name: string;
    /** The village on the identity card: a 10-digit code. Only `near` needs it. */
    village?: string;
}

/** How far a lookup has come, or the saving of a regency. */
export interface Progress {
    step: 'files' | 'derive' | 'save';
    /** Derivations done, or bytes saved. 0 while a lookup's files are fetched. */
    done: number;
    /** Derivations that the lookup still had to do, or bytes to save. 0 while a lookup's files are fetched. */
    of: number;
}

/** The options of a lookup. */
export interface LookupOptions {
    onProgress?: (progress: Progress) => void;
    signal?: AbortSignal;
}

/** A polling station, with the names of where it is. */
export interface Station {
    /** The operator's id of the station. */
    id: string;
    /** The station's number in its village; extension stations are numbered from 901. */
    number: number;
    village: string;
    /** 10 digits. */
    villageCode: string;
    district: string;
    regency: string;
    province: string;
    venue: string;
    address: string;
    /** Degrees, north positive; absent where the operator gave none. */
    lat?: number;
    /** Degrees, east positive. */
    lon?: number;
    /** The coordinates are far from the other stations of the district. */
    doubtfulCoordinates?: true;
    /** ISO 8601 with the offset of the station's own time zone. */
    opens: string;
    /** ISO 8601 with the offset of the station's own time zone. */
    closes: string;
    /** What people call it: `WIB`, `WITA`, `WIT`; abroad such as `CET` or `UTC+8`. */
    timeZone: string;
    /** What stands before its number. `KSK` is a ballot box that goes to the voters, `POS` is voting by post. */
    kind: 'TPS' | 'TPSLN' | 'KSK' | 'POS';
    /** A notice of the operator, for example that the station moved. */
    notice?: string;
    /** A page with more about the notice. */
    noticeUrl?: string;
    /** Whether it is wheelchair accessible; absent where unknown. */
    accessible?: boolean;
    /** What helps people to get in and to vote: a ramp, no steps, parking at the door, somebody who helps. */
    access?: ('ramp' | 'level' | 'parking' | 'help')[];
    /** What is near it that people know. */
    landmark?: string;
}

/** The election that the answer is about. */
export interface Election {
    id: string;
    name: string;
    /** Polling day, `YYYY-MM-DD`. */
    date: string;
    /** All of it is made up. Every screen must say so. */
    demo: boolean;
    /** A telephone number for voters. */
    helpPhone?: string;
    /** An address with more information. */
    helpUrl?: string;
}

/** Whom the voters of a regency can ask. */
export interface RegencyHelp {
    /** The regency's name. */
    regency: string;
    /** A telephone number. */
    helpPhone?: string;
    helpUrl?: string;
}

/** Which data an answer comes from. */
export interface Provenance {
    /** The serial of the signed head: higher is newer. */
    serial: number;
    /** ISO 8601, UTC. */
    signedAt: string;
    /** ISO 8601, UTC: no question is answered after this. */
    expires: string;
    /** The manifest's digest, hex. */
    manifest: string;
    /**
     * What the page's own origin says of the device's clock: right within two minutes, or wrong. Absent where it said nothing.
     * A clock before `signedAt` is wrong, too. Only where it is `confirmed` can the clock tell whether a station is open.
     */
    clock?: 'confirmed' | 'wrong';
    /** By how many seconds a wrong clock is ahead of the right time, where that is known. */
    clockError?: number;
    /** The data comes from this device, because no mirror could be asked for newer data. */
    offline?: true;
    /** When `offline`: when a mirror last confirmed that the data is the newest, ISO 8601, UTC. */
    checkedAt?: string;
    /** What was rejected, late or unreachable although the question could be answered. */
    problems?: Problem[];
}

/** Something odd about the details, which is never a reason to refuse. */
export type Warning = 'impossible_date' | 'repeated_digits' | 'unknown_district';

/** A village to choose from, with the names of where it is. */
export interface Village {
    /** 10 digits. */
    code: string;
    name: string;
    district: string;
    regency: string;
    province: string;
}

/** What went wrong with a file, and where it came from. */
export interface Problem {
    /** The mirror's base address, or the folder. */
    source: string;
    /** The file's path relative to the source. */
    file: string;
    /** In English, for the diagnostics; never contains a voter's detail. */
    reason: string;
    /** The file was received and rejected, rather than unreachable. */
    refused?: true;
    /** It was rejected because its format is newer than this module: the page is too old. */
    newer?: true;
}

/** What was searched, as it can be shown. */
export interface Searched {
    /** The first six digits. */
    district: string;
    /** The name of that district, where it exists today. */
    districtName?: string;
    regency?: string;
    /** 10 digits, where a village was given. */
    village?: string;
    /** Which recipes were tried. */
    by: ('full' | 'near')[];
    /** The name consists of parts that too many voters here share, so that more of it may find the voter. */
    commonName?: true;
}

/**
 * The answer to a question. `help` is the contact of the station's regency, else of the one that the digits name; what it lacks
 * the election may have.
 */
export type Outcome =
| { outcome: 'found'; by: 'full' | 'near'; station: Station; election: Election; help?: RegencyHelp; data: Provenance; warnings: Warning[] }
| { outcome: 'ambiguous'; by: 'full' | 'near'; stations: Station[]; election: Election; help?: RegencyHelp; data: Provenance; warnings: Warning[] }
| { outcome: 'village_needed'; reason: 'short_name' | 'not_found_by_name'; villages: Village[]; searched: Searched; election: Election; help?: RegencyHelp; data: Provenance; warnings: Warning[] }
| { outcome: 'not_found'; searched: Searched; election: Election; help?: RegencyHelp; data: Provenance; warnings: Warning[] }
| { outcome: 'no_such_region'; searched: Searched; election: Election; help?: RegencyHelp; data: Provenance; warnings: Warning[] }
| { outcome: 'bad_input'; field: 'nik' | 'name' | 'birthDate' | 'sex' | 'district' | 'village'; reason: 'missing' | 'too_short' | 'not_digits' | 'not_a_date' | 'not_a_sex' | 'not_a_code' | 'no_letters' | 'too_long' }
| { outcome: 'stale'; election?: Election; data: Provenance }
| { outcome: 'unverified'; problems: Problem[] }
| { outcome: 'unreachable'; problems: Problem[] };

/** What the details typed so far already tell. */
export interface Prepared {
    /** How many digits were usable (at most 12). */
    digits: number;
    /** The district of first issue, once six digits are typed and if it exists today. */
    district?: { code: string; name: string; regency: string; province: string };
    /** All files of a lookup by `full` are here and verified. */
    ready: boolean;
    warnings: Warning[];
    /** The villages to choose from, where the name that was given is too short to be found by itself. */
    villages?: Village[];
    /** Where the digits name a province, or data of any is here. */
    election?: Election;
    data?: Provenance;
}

/** The files of a regency, and how much of them this device keeps. */
export interface Saved {
    /** 4 digits. */
    code: string;
    name: string;
    province: string;
    files: number;
    bytes: number;
    /** The bytes of those that are kept: equal to `bytes` once the regency is saved. */
    savedBytes: number;
}

/** That the site is reachable and trusted. */
export interface Ready {
    outcome: 'ready';
    election: Election;
    data: Provenance;
}



/**
 * Finds polling stations from the mirrors of one site.
 */
export class Bilik {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Which of some other 12 digits find somebody of this name, as far as the files for them are here. For likely slips in the
     * digits of a question that was asked with a village, whether or not it found somebody: the work is the same.
     */
    alternatives(name: string, niks: string[], options?: LookupOptions): Promise<string[]>;
    /**
     * Whether the site is reachable and trusted, and what it is about. Never rejects: `stale`, `unverified` and `unreachable`
     * are outcomes.
     */
    election(): Promise<Ready | Outcome>;
    /**
     * Deletes all files and heads of all elections from this device. Rejects where the browser's storage does not answer.
     */
    forget(): Promise<void>;
    /**
     * Where does this voter vote? Rejects only with an `AbortError`, when the signal is aborted.
     */
    lookup(question: Question, options?: LookupOptions): Promise<Outcome>;
    /**
     * Answers from these mirrors, as far as their files are signed by these keys.
     *
     * # Errors
     * Throws where `mirrors`, `publicKey` or `threshold` is invalid.
     */
    constructor(options: BilikOptions);
    /**
     * Prefetches what the digits typed so far lead to, and tells what they already say; with a name that is too short to be
     * found by itself, also the villages to choose from. Never rejects.
     */
    prepare(digits: string, name?: string | null): Promise<Prepared>;
    /**
     * What saving a regency (4 digits) for offline use takes, and how much of it is kept. Rejects where that is unknown.
     */
    regency(code: string): Promise<Saved>;
    /**
     * Deletes the files of a saved regency. Rejects where the browser's storage does not answer.
     */
    remove(code: string): Promise<void>;
    /**
     * Fetches all files of a regency that are not kept yet, and keeps them. Rejects where one cannot be fetched, or with an
     * `AbortError` when the signal is aborted; files fetched before that are kept.
     */
    save(code: string, options?: LookupOptions): Promise<Saved>;
    /**
     * The regencies that are saved on this device.
     */
    saved(): Promise<Saved[]>;
    /**
     * The stations of the village with these ten digits. Rejects where they cannot be fetched.
     */
    stations(village: string): Promise<Station[]>;
    /**
     * Finds villages by name, tolerating typing errors, best match first. `within` is a code of 2, 4 or 6 digits; an empty query
     * lists all villages within. Rejects where the names cannot be fetched.
     */
    villages(query: string, within?: string | null): Promise<Village[]>;
    /**
     * Which head the witness with this key saw, compared with the newest one that is here, and how many seconds ago: four times the
     * seconds, and 0 for this head, 1 for an older one, 2 for a newer one, 3 for another one with the same serial. `NaN` where this is
     * not a statement of that witness about this election. An empty statement says that no witness confirms that head: all mirrors are
     * asked for a newer one from now on, and at once with the next question.
     *
     * One number and one method, since each costs every visitor some bytes of glue.
     */
    witnessed(statement: Uint8Array | number[], key: string): number;
}

/**
 * Derives the keys of searches, for a worker that shares the derivations of another one's lookup.
 */
export class KeyDeriver {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * The 32 bytes of a search's key; none where the search has no such key.
     */
    derive(search: Uint8Array | number[], index: number): Uint8Array;
    /**
     * Its memory is allocated with the first key.
     */
    constructor();
}

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path?: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;

/** Starts a compiled module, once. `default` fetches and compiles one first. */
export function start(module: WebAssembly.Module): Promise<InitOutput>;
