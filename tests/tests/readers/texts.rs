//! Texts of Python packages: what our readers make of them, beside what Python's do.

mod pools;

use model::Version;
use pypi::{Metadata, Requirement, SdistName, Wheel, WheelName, is_specifier_set};
use serde_json::{Value, json};

use crate::chance::{Chance, damage};
use crate::compare::{Kind, check};
use crate::others::Other::Python;
use crate::reading::Reading;

/// A kind whose readings are spelled alike everywhere.
const fn kind(
    name: &'static str,
    ours: fn(&[u8]) -> Reading,
    others: &'static [crate::others::Other],
) -> Kind {
    Kind { name, ours, others, visible: |_, ours| ours, spelled: |_, theirs| theirs }
}

const METADATA: Kind = kind(
    "METADATA",
    |bytes| {
        let read = Metadata::parse(bytes, "METADATA").map_err(|problem| problem.message)?;
        let headers: Vec<[&str; 2]> =
            read.headers.iter().map(|(name, value)| [name.as_str(), value.as_str()]).collect();
        Ok(json!({ "headers": headers, "description": read.description }))
    },
    &[Python('M', "Python's email, of text"), Python('B', "Python's email, of bytes")],
);

const RECORD: Kind = kind(
    "RECORD",
    |bytes| {
        let lines = wheel(bytes, "RECORD")?.record.ok_or("malformed")?;
        let rows = lines.iter().map(|line| [&*line.path, &*line.hash, &*line.size]);
        Ok(json!(rows.collect::<Vec<_>>()))
    },
    &[Python('R', "Python's csv")],
);

const ENTRY_POINTS: Kind = kind(
    "entry_points.txt",
    |bytes| {
        let groups = wheel(bytes, "entry_points.txt")?.entry_points.ok_or("malformed")?;
        let rows = groups.iter().flat_map(|(group, entries)| {
            entries.iter().map(move |(name, value)| [group.as_str(), name, value])
        });
        Ok(json!(rows.collect::<Vec<_>>()))
    },
    &[Python('E', "Python's importlib.metadata"), Python('I', "Python's configparser")],
);

const VERSION: Kind =
    kind("version", |bytes| Ok(json!(pep440(text(bytes)?)?)), &[Python('V', "packaging.version")]);

const SPECIFIERS: Kind = kind(
    "specifiers",
    |bytes| match is_specifier_set(text(bytes)?) {
        true => Ok(json!(true)),
        false => Err("malformed".to_owned()),
    },
    &[Python('S', "packaging.specifiers")],
);

const REQUIREMENT: Kind = kind(
    "requirement",
    |bytes| {
        let read = Requirement::parse(text(bytes)?).ok_or("malformed")?;
        let clause = |clause: &str| clause.split_whitespace().collect::<String>();
        let mut clauses: Vec<String> = read.specifier.split(',').map(clause).collect();
        clauses.retain(|clause| !clause.is_empty());
        clauses.sort();
        clauses.dedup();
        Ok(json!([read.name, clauses, read.url, read.marker.is_some()]))
    },
    &[Python('Q', "packaging.requirements")],
);

const WHEEL_NAME: Kind = kind(
    "wheel name",
    |bytes| {
        let read = WheelName::parse(text(bytes)?).map_err(|error| error.to_string())?;
        let build = read.build.iter().flat_map(|(number, rest)| [json!(number), json!(rest)]);
        let build: Vec<Value> = build.collect();
        let mut tags: Vec<String> = read.tags().iter().map(ToString::to_string).collect();
        tags.sort();
        Ok(json!([normalized(&read.distribution), pep440(&read.version)?, build, tags]))
    },
    &[Python('W', "packaging.utils")],
);

const SDIST_NAME: Kind = kind(
    "sdist name",
    |bytes| {
        let read = SdistName::parse(text(bytes)?).map_err(|error| error.to_string())?;
        Ok(json!([normalized(&read.distribution), pep440(&read.version)?]))
    },
    &[Python('D', "packaging.utils")],
);

fn normalized(name: &str) -> String {
    model::normalized_python_name(name)
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| error.to_string())
}

fn pep440(text: &str) -> Result<String, String> {
    let version = Version::parse(text).map_err(|error| error.to_string())?;
    version.pep440().map_err(|error| error.to_string())
}

/// A wheel that is good but for this file.
fn wheel(bytes: &[u8], name: &str) -> Result<Wheel, String> {
    let file = |name: &str, bytes: &[u8]| {
        archive::Entry::new(format!("a-1.dist-info/{name}"), bytes.to_vec())
    };
    let entries = [
        file("METADATA", b"Metadata-Version: 2.4\nName: a\nVersion: 1\n"),
        file("WHEEL", b"Wheel-Version: 1.0\nTag: py3-none-any\n"),
        file(name, bytes),
    ];
    let bytes = archive::zip::write(&entries, 0).unwrap();
    pypi::read_wheel("a-1-py3-none-any.whl", &bytes).map_err(|problem| problem.message)
}

/// Pieces in a row, now and then with damage.
fn pieces(count: usize, seed: u64, most: usize, pool: &[&str], start: &str) -> Vec<Vec<u8>> {
    let mut chance = Chance::new(seed);
    let text = |_| {
        let mut bytes = start.as_bytes().to_vec();
        for _ in 0..=chance.below(most) {
            bytes.extend(chance.pick(pool).bytes());
        }
        if chance.one_in(20) {
            damage(&mut bytes, &mut chance);
        }
        bytes
    };
    (0..count).map(text).collect()
}

/// Lines with one of the ends that some take for the end of a line.
fn lines(count: usize, seed: u64, pool: &[&str], start: &str) -> Vec<Vec<u8>> {
    let mut chance = Chance::new(seed);
    let text = |_| {
        let mut bytes = start.as_bytes().to_vec();
        for _ in 0..=chance.below(5) {
            bytes.extend(chance.pick(pool).bytes());
            bytes.extend(chance.pick(pools::ENDS).bytes());
        }
        if chance.one_in(20) {
            damage(&mut bytes, &mut chance);
        }
        bytes
    };
    (0..count).map(text).collect()
}

#[test]
fn metadata_is_read_as_python_reads_it() {
    check(&METADATA, &lines(3_000, 11, pools::HEADERS, "Name: a\n"));
}

#[test]
fn record_is_read_as_python_reads_it() {
    check(&RECORD, &pieces(4_000, 12, 12, pools::RECORD, ""));
}

#[test]
fn entry_points_are_read_as_python_reads_them() {
    check(&ENTRY_POINTS, &lines(3_000, 13, pools::ENTRIES, "[x]\n"));
}

#[test]
fn versions_are_read_as_packaging_reads_them() {
    check(&VERSION, &pieces(6_000, 14, 6, pools::VERSION, ""));
}

#[test]
fn specifiers_are_read_as_packaging_reads_them() {
    check(&SPECIFIERS, &pieces(6_000, 15, 6, pools::SPECIFIERS, ""));
}

#[test]
fn requirements_are_read_as_packaging_reads_them() {
    check(&REQUIREMENT, &pieces(6_000, 16, 7, pools::REQUIREMENT, "a"));
}

#[test]
fn names_of_files_are_read_as_packaging_reads_them() {
    check(&WHEEL_NAME, &named(6_000, 17, "-py3-none-any.whl"));
    check(&SDIST_NAME, &named(3_000, 18, ".tar.gz"));
}

fn named(count: usize, seed: u64, end: &str) -> Vec<Vec<u8>> {
    let mut names = pieces(count, seed, 5, pools::FILE_NAME, "");
    let mut chance = Chance::new(seed);
    for name in &mut names {
        let start: &[u8] = if chance.one_in(2) { b"a-1" } else { b"" };
        let end = if chance.one_in(8) { "" } else { end };
        *name = [start, name, end.as_bytes()].concat();
    }
    names
}
