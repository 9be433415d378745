//! What `cargo auditable` wrote into an executable: the packages that were compiled into it.
//!
//! Section `.dep-v0` holds zlib-compressed JSON (rust-secure-code, "cargo-auditable data format").

use std::io::Read as _;

use flate2::read::ZlibDecoder;
use model::{Budget, Diagnostic};
use object::File;
use object::read::ObjectSection;
use serde::Deserialize;

use crate::codes;
use crate::executable::{broken, parts, section_named, too_much_work};

/// The packages of one executable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct AuditData {
    /// The packages; `dependencies` are positions in this list.
    pub packages: Vec<AuditPackage>,
}

/// One Rust package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditPackage {
    /// Its name.
    pub name: String,
    /// Its version (SemVer).
    pub version: String,
    /// `crates.io`, `git`, `local`, `registry` or something newer.
    pub source: String,
    /// Whether it is in the executable, or was only used to build it.
    #[serde(default)]
    pub kind: AuditKind,
    /// Packages it depends on, as positions in the list.
    #[serde(default)]
    pub dependencies: Vec<usize>,
    /// Whether it is the package that was built.
    #[serde(default)]
    pub root: bool,
}

/// What a package is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuditKind {
    /// It is in the executable.
    #[default]
    Runtime,
    /// It ran during the build: build scripts, macros.
    Build,
}

/// The most bytes of the JSON: a package takes about 100, the largest builds have 2,000 packages.
const MAX_JSON_BYTES: u64 = 8 << 20;

/// Reads the audit data of an ELF, Mach-O (also fat) or PE file; `None` if there is none.
///
/// # Errors
/// `binary-format` or `binary-broken` if it is not an executable, `audit-data` if there is data
/// that cannot be read.
pub fn audit_data(bytes: &[u8]) -> Result<Option<AuditData>, Diagnostic> {
    let budget = Budget::of(bytes.len() as u64);
    for part in parts(bytes) {
        let file = File::parse(part).map_err(broken)?;
        let section = section_named(&file, ".dep-v0", &budget).map_err(too_much_work)?;
        let Some(section) = section else { continue };
        return unpack(section.data().map_err(broken)?).map(Some);
    }
    Ok(None)
}

fn unpack(packed: &[u8]) -> Result<AuditData, Diagnostic> {
    let wrong = |why: String| {
        Diagnostic::new(
            &codes::AUDIT_DATA,
            format!("cannot read what `cargo auditable` wrote: {why}"),
        )
    };
    let mut json = Vec::new();
    ZlibDecoder::new(packed)
        .take(MAX_JSON_BYTES + 1)
        .read_to_end(&mut json)
        .map_err(|error| wrong(error.to_string()))?;
    if json.len() as u64 > MAX_JSON_BYTES {
        return Err(wrong("more than 8 MiB of JSON".to_owned()));
    }
    let data: AuditData =
        serde_json::from_slice(&json).map_err(|error| wrong(error.to_string()))?;
    let count = data.packages.len();
    for package in &data.packages {
        if package.dependencies.iter().any(|index| *index >= count) {
            return Err(wrong(format!(
                "`{}` depends on a package that is not there",
                package.name
            )));
        }
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn packed(json: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(json).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn packages_are_read_with_their_defaults() {
        let json = br#"{"packages":[
            {"name":"a","version":"1.0.0","source":"crates.io","kind":"build"},
            {"name":"b","version":"0.1.0","source":"local","dependencies":[0],"root":true}],
            "format":1}"#;
        let data = unpack(&packed(json)).unwrap();
        let [a, b] = data.packages.as_slice() else { panic!("two packages") };
        assert_eq!(
            (a.kind, a.root, b.kind, b.root),
            (AuditKind::Build, false, AuditKind::Runtime, true)
        );
        assert_eq!(b.dependencies, [0]);
    }

    #[test]
    fn damaged_and_bloated_data_is_refused() {
        let refused =
            |packed: &[u8]| assert_eq!(unpack(packed).unwrap_err().code.to_string(), "audit-data");
        refused(b"");
        refused(b"not zlib");
        refused(&packed(b"[]"));
        refused(&packed(&[b'['; 100_000]));
        refused(&packed(&vec![b' '; 9 << 20]));
        refused(&packed(
            br#"{"packages":[{"name":"a","version":"1","source":"x","dependencies":[1]}]}"#,
        ));
        let whole = packed(br#"{"packages":[]}"#);
        assert!(unpack(&whole).unwrap().packages.is_empty());
        for end in 0..whole.len() - 4 {
            refused(&whole[..end]);
        }
    }
}
