use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::*;
use crate::pins::Origin;
use crate::prerequisites::find_python;
use crate::toolbox::fakes::Fakes;

/// Writes `a.zip` (a program, a text, and what `extra` adds) and `a.tgz`, which holds the zip.
const MAKE: &str = r#"
import sys, tarfile, zipfile
with zipfile.ZipFile("a.zip", "w") as z:
    for name, mode in (("bin/tool", 0o100755), ("lib/text", 0o100600), ("link", 0o120777)):
        info = zipfile.ZipInfo(name); info.external_attr = mode << 16; z.writestr(info, name)
    if sys.argv[1]: z.writestr(sys.argv[1], "out")
with tarfile.open("a.tgz", "w:gz") as t: t.add("a.zip", "package/a.zip")
"#;

fn source(inner: Option<&str>, only: Option<&str>) -> Source {
    let (name, version) = ("a".to_owned(), "1.0.0".to_owned());
    Source {
        origin: Origin::Pypi { name, version },
        file: "a.zip".to_owned(),
        bytes: 1,
        digest: Digest::of(b"good"),
        program: "bin/tool".to_owned(),
        inner: inner.map(str::to_owned),
        only: only.map(str::to_owned),
    }
}

fn unpacked(
    name: &str,
    archive: &str,
    extra: &str,
    source: &Source,
) -> (Fakes, Result<PathBuf, ToolError>) {
    let fakes = Fakes::new(&format!("unpack-{name}"));
    let (python, folder) = (find_python().unwrap(), fakes.root().join("out"));
    let program = python.program.to_string_lossy();
    let make = Invocation::new(program, ["-c", MAKE, extra]).dir(fakes.root().to_string_lossy());
    run(&make, &mut RunOptions::default()).unwrap();
    fs::create_dir(&folder).unwrap();
    let done = unpack(&python, &fakes.root().join(archive), source, &folder);
    (fakes, done.map(|()| folder))
}

#[test]
fn files_come_out_with_plain_modes_and_links_do_not_come_out() {
    let check = |name: &str, archive: &str, source: &Source| {
        let (_fakes, folder) = unpacked(name, archive, "", source);
        let folder = folder.unwrap();
        let mode = |file: &str| fs::metadata(folder.join(file)).unwrap().permissions().mode();
        assert_eq!(mode("bin/tool") & 0o777, 0o755, "{name}");
        assert_eq!(mode("lib/text") & 0o777, 0o644, "{name}");
        assert!(!folder.join("link").exists(), "{name}");
    };
    check("zip", "a.zip", &source(None, None));
    check("inner", "a.tgz", &source(Some("package/a.zip"), None));
}

#[test]
fn only_the_part_that_the_row_names_is_kept() {
    let (_fakes, folder) = unpacked("only", "a.zip", "", &source(None, Some("bin/")));
    let folder = folder.unwrap();
    assert!(folder.join("bin/tool").exists() && !folder.join("lib").exists());
}

#[test]
fn an_archive_that_writes_elsewhere_or_lacks_its_inner_one_is_refused() {
    let (fakes, outside) = unpacked("outside", "a.zip", "../escaped", &source(None, None));
    assert!(outside.is_err() && !fakes.root().join("escaped").exists());
    let missing = source(Some("package/b.zip"), None);
    assert!(unpacked("no-inner", "a.tgz", "", &missing).1.is_err());
}

#[test]
fn a_download_with_another_hash_is_refused_and_both_are_named() {
    let fakes = Fakes::new("unpack-hash");
    let file = fakes.root().join("a.zip");
    fs::write(&file, "good").unwrap();
    assert!(check_hash(&file, &source(None, None)).is_ok());
    fs::write(&file, "goof").unwrap();
    let problem = check_hash(&file, &source(None, None)).unwrap_err().problem();
    assert_eq!(problem.code.to_string(), "tool-hash");
    let (good, bad) = (Digest::of(b"good").to_string(), Digest::of(b"goof").to_string());
    assert!(problem.message.contains(&good) && problem.message.contains(&bad), "{problem}");
}
