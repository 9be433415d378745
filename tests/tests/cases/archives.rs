//! What archives hold, as tools say that nobody here wrote: tar, and Python's zipfile.

use std::path::Path;
use std::process::Command;

use product_tests::judges::{self, Judge, Verdict};
use product_tests::scratch::Scratch;
use serde_json::Value;

/// Helm, of which there may be none.
pub fn helm() -> Option<Judge> {
    judges::find("helm4")
}

/// The members of a compressed tar archive, sorted.
pub fn members(archive: &Path) -> Vec<String> {
    let listed = Verdict::of(Command::new("tar").arg("tzf").arg(archive)).accepted().stdout;
    let mut found: Vec<String> = listed.lines().map(str::to_owned).collect();
    found.sort();
    found
}

/// The text of one member of a compressed tar archive.
pub fn member(archive: &Path, name: &str) -> String {
    Verdict::of(Command::new("tar").arg("xzOf").arg(archive).arg(name)).accepted().stdout
}

/// Unpacks a compressed tar archive into a folder of its own.
pub fn unpacked(archive: &Path) -> Scratch {
    let folder = Scratch::new("unpacked").unwrap();
    let mut tar = Command::new("tar");
    Verdict::of(tar.arg("xzf").arg(archive).arg("-C").arg(folder.path())).accepted();
    folder
}

/// What a few lines of Python say of `file`, as JSON.
pub fn python(program: &str, file: &Path) -> Value {
    let told = Verdict::of(Command::new("python3").args(["-c", program]).arg(file)).accepted();
    serde_json::from_str(&told.stdout).unwrap()
}

/// Each member of a wheel with its mode and its text.
pub fn wheel(file: &Path) -> Value {
    python(
        "import json, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
         print(json.dumps({i.filename: [i.external_attr >> 16, z.read(i).decode()]\n\
         for i in z.infolist()}))",
        file,
    )
}
