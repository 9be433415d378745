//! The release tree that `act` runs: made by `cargo xtask release-tree --ghes`, for what github.com
//! knows and `act` does not is what Enterprise Server does not know either.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::{product, repository};

/// Makes the tree in `folder`, with this very build of the product as its binary; gives its place
/// and the folder that holds the binary under its asset's name.
pub fn make(folder: &Path) -> (PathBuf, PathBuf) {
    let (tree, binaries) = (folder.join("tree"), folder.join("binaries"));
    fs::create_dir(&binaries).unwrap();
    let name = match std::env::consts::ARCH {
        "aarch64" => "package-actions-linux-arm64",
        _ => "package-actions-linux-amd64",
    };
    fs::copy(product::binary(), binaries.join(name)).unwrap();
    let mut xtask = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    xtask.args(["run", "--quiet", "--release", "--package", "xtask", "--locked", "--"]);
    xtask.arg("release-tree").arg(&tree).arg("--ghes").arg("--binaries").arg(&binaries);
    let wasm = repository::root().join("target/wasm/pkg");
    assert!(wasm.is_dir(), "no WASM in `target/wasm/pkg`, help: run `cargo xtask wasm`");
    xtask.arg("--wasm").arg(wasm);
    Verdict::of(xtask.current_dir(repository::root())).accepted();
    one_writer(&tree.join(".github/workflows/build.yml"));
    with_a_result(&tree.join(".github/workflows/pypi.yml"));
    (tree, binaries)
}

/// Of a matrix, `act` keeps the outputs of the leg that ends first, empty ones too; a runner leaves
/// empty ones alone. Here each leg notes its record in a file, and the job that seals reads it.
fn one_writer(build: &Path) {
    let text = fs::read_to_string(build).unwrap();
    let (mut written, mut inside) = (String::new(), "");
    for line in text.lines().filter(|line| !line.contains(": ${{ matrix.leg ==")) {
        match line.trim() {
            trimmed if trimmed.starts_with("- uses: actions/upload") && inside == "build" => {
                written.push_str(NOTE);
            }
            "- id: seal" => written.push_str(READ),
            _ => {}
        }
        if line.starts_with("  ") && !line.starts_with("   ") && line.ends_with(':') {
            inside = line.trim().trim_end_matches(':');
        }
        let records = ("needs.build.outputs.record-", "steps.records.outputs.record-");
        let empty = inside == "build" && line == "    outputs:";
        if !empty {
            written.push_str(&format!("{}\n", line.replace(records.0, records.1)));
        }
    }
    assert!(written.contains(NOTE) && written.contains(READ), "{written}");
    fs::write(build, written).unwrap();
}

/// `act` gives no result to a workflow whose only job calls another one, and leaves out, without a
/// word, whatever needs it. Here it gets a job of its own, which does nothing.
fn with_a_result(workflow: &Path) {
    let text = fs::read_to_string(workflow).unwrap();
    assert!(!text.contains("runs-on:"), "it has a job of its own: {text}");
    fs::write(workflow, format!("{text}{RESULT}")).unwrap();
}

const RESULT: &str = r#"
  result:
    needs: build
    runs-on: ubuntu-24.04
    steps:
      - run: "true"
        shell: bash
"#;

const NOTE: &str = r#"      - run: echo "record-${LEG}=${RECORD}" >> "${STUB_RECORDS}"
        shell: bash
        env:
          LEG: ${{ matrix.leg }}
          RECORD: ${{ steps.build.outputs.record }}
"#;

const READ: &str = r#"      - id: records
        run: cat "${STUB_RECORDS}" >> "${GITHUB_OUTPUT}"
        shell: bash
"#;
