//! The table by which `actions/setup` knows the bytes that it may run: it stands in the very commit
//! that a workflow pins, so the pin covers the binary.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::Failure;

/// What a release calls the program on each system, and what Node calls the system.
const NAMES: &[(&str, &str)] = &[
    ("package-actions-darwin-amd64", "darwin-x64"),
    ("package-actions-darwin-arm64", "darwin-arm64"),
    ("package-actions-linux-amd64", "linux-x64"),
    ("package-actions-linux-arm64", "linux-arm64"),
    ("package-actions-windows-amd64.exe", "win32-x64"),
];

/// One row for each binary in `folder`, and none for a system whose binary is not there.
pub fn table(folder: &Path, version: &str, commit: &str) -> Result<String, Failure> {
    let mut rows = Map::new();
    for (name, system) in NAMES {
        let Ok(bytes) = fs::read(folder.join(name)) else { continue };
        let digest: String =
            Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let row = json!({ "name": name, "sha256": digest, "size": bytes.len() });
        rows.insert((*system).to_owned(), row);
    }
    if rows.is_empty() {
        let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
        return Err(format!("`{}` holds none of {}", folder.display(), names.join(", ")).into());
    }
    let table = json!({ "version": version, "commit": commit, "binaries": Value::Object(rows) });
    Ok(format!("{}\n", serde_json::to_string_pretty(&table)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_for_the_binaries_that_are_given_and_no_other() {
        let folder = std::env::temp_dir().join(format!("xtask-binaries-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        assert!(table(&folder, "1.0.0", "c").is_err());
        fs::write(folder.join("package-actions-linux-arm64"), "abc").unwrap();
        let text = table(&folder, "1.0.0", "c").unwrap();
        let told: Value = serde_json::from_str(&text).unwrap();
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let row = json!({ "name": "package-actions-linux-arm64", "sha256": digest, "size": 3 });
        let binaries = json!({ "linux-arm64": row });
        assert_eq!(told, json!({ "version": "1.0.0", "commit": "c", "binaries": binaries }));
        fs::remove_dir_all(&folder).unwrap();
    }
}
