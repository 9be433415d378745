//! Every SBOM, by SPDX's own tools and by the NTIA conformance checker.
//!
//! The programs take half a second each to start, so one Python runs their very code over all
//! files; one file goes through the programs themselves.

use std::fs;
use std::path::PathBuf;

use product_tests::judges::{self, Verdict};
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::manifest::{Release, words};

/// What `pyspdxtools --infile` and `ntia-checker -c ntia --file` do, for many files: one line of
/// words for each file that is refused, then the number of files.
const ALL: &str = "
import sys
from ntia_conformance_checker.sbom_checker import SbomChecker
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

refused = 0
for path in sys.argv[1:]:
    try:
        document = parse_file(path)
        version = document.creation_info.spdx_version
        found = validate_full_spdx_document(document, version)
        words = [message.validation_message for message in found]
        if not SbomChecker(path, compliance='ntia', sbom_spec='spdx2').compliant:
            words.append('not conformant with ntia')
    except Exception as error:
        words = [repr(error)]
    if words:
        refused += 1
        print(path, *words, sep='\\n  ')
print(len(sys.argv) - 1, 'files')
sys.exit(refused != 0)
";

/// Runs the batch; `None` without the judges.
fn judge(files: &[PathBuf]) -> Option<Verdict> {
    judges::find("pyspdxtools")?;
    judges::find("ntia-checker")?;
    let python = judges::judges_root().join("pypi/venv/bin/python");
    let mut command = std::process::Command::new(python);
    Some(Verdict::of(command.args(["-c", ALL]).args(files)))
}

#[test]
fn spdx_tools_and_the_ntia_checker_accept_every_sbom() {
    let release = Release::example();
    let sboms = release.documents("sbom");
    let artifacts = release.manifest["artifacts"].as_array().unwrap();
    assert_eq!(sboms.len(), artifacts.len(), "one for each artifact");
    let Some(verdict) = judge(&sboms) else { return };
    assert!(verdict.accepted().stdout.ends_with(&format!("{} files\n", sboms.len())));
    println!("{} SBOMs", sboms.len());
}

#[test]
fn both_judges_refuse_a_document_without_what_they_ask_for() {
    let sbom = Release::example().documents("sbom").remove(0);
    let whole: Value = serde_json::from_slice(&fs::read(&sbom).unwrap()).unwrap();
    let work = Scratch::new("sbom").unwrap();
    let check = |spoil: fn(&mut Value), expected: &str| {
        let mut spoiled = whole.clone();
        spoil(&mut spoiled);
        let path = work.join("spoiled.spdx.json");
        fs::write(&path, spoiled.to_string()).unwrap();
        let Some(verdict) = judge(&[path]) else { return };
        let told = verdict.refused().stdout;
        assert!(told.contains(expected), "{told}");
    };
    let no_supplier = |sbom: &mut Value| {
        sbom["packages"][0].as_object_mut().unwrap().remove("supplier");
    };
    check(no_supplier, "not conformant with ntia");
    check(|sbom| sbom["packages"][0]["downloadLocation"] = "nowhere".into(), "nowhere");
    check(|sbom| sbom["relationships"] = Value::Array(Vec::new()), "DESCRIBES");
}

#[test]
fn the_programs_themselves_say_the_same_of_one_file() {
    let release = Release::example();
    let sboms = release.documents("sbom");
    let file = words(&sboms)[0];
    judges::run("pyspdxtools", &["--infile", file]).map(Verdict::accepted);
    judges::run("ntia-checker", &["-c", "ntia", "--file", file]).map(Verdict::accepted);
}
