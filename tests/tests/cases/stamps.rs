//! Programs that should know their version: what a release of them prints.

use std::process::Command;

use product_tests::judges::Verdict;

use super::samples::GO_MOD;
use super::tree::{DATE, Tree};

/// One package's folder below `cmd`, its key for flags, what it prints, and what a release of it
/// should print.
const PROGRAMS: [[&str; 4]; 5] = [
    [
        "plain",
        "",
        "var (\n\tversion = \"dev\"\n\tcommit  = \"none\"\n\tdate    = \"unknown\"\n)\n\n\
         func main() { println(version, commit, date) }\n",
        "3.2.1 COMMIT DATE",
    ],
    [
        "asks",
        "",
        "import \"runtime/debug\"\n\nvar version = \"dev\"\n\nfunc main() {\n\
         \tif b, ok := debug.ReadBuildInfo(); ok && version == \"dev\" {\n\
         \t\tversion = b.Main.Version\n\t}\n\tprintln(version)\n}\n",
        "3.2.1",
    ],
    [
        "own",
        ", ldflags = [\"-X example.com/tool/build.Version=v{version}\", \
         \"-X 'example.com/tool/build.Name=My tool'\", \"-X main.revision={commit}\"]",
        "import \"example.com/tool/build\"\n\nvar version, revision = \"dev\", \"none\"\n\n\
         func main() { println(build.Name, build.Version, revision, version) }\n",
        "My tool v3.2.1 COMMIT dev",
    ],
    [
        "other",
        "",
        "const version = \"dev\"\n\nvar commit = len(version)\n\nvar date string = \"unset\"\n\n\
         func main() { println(version, commit, date) }\n",
        "dev 3 DATE",
    ],
    [
        "none",
        ", ldflags = \"\"",
        "var version = \"dev\"\n\nfunc main() { println(version) }\n",
        "dev",
    ],
];

/// The programs in one module, under the tag of the release.
fn module() -> Tree {
    let tree = Tree::bare(&[("go.mod", GO_MOD), ("build/build.go", BUILD)]);
    let mut config = "[release]\nversion = \"3.2.1\"\n".to_owned();
    for [name, flags, program, _] in PROGRAMS {
        tree.put(&format!("cmd/{name}/main.go"), format!("package main\n\n{program}"));
        config += &format!(
            "\n[[package]]\nname = \"{name}\"\n\
             binary = {{ go = \"cmd/{name}\", platforms = [\"linux-amd64\"]{flags} }}\n"
        );
    }
    tree.put("package-actions.toml", config);
    tree.commit(DATE);
    tree.git(&["tag", "v3.2.1"]);
    tree
}

const BUILD: &str = "package build\n\nvar Name, Version = \"tool\", \"dev\"\n";

#[test]
fn a_released_program_says_the_version_that_it_was_released_as() {
    let tree = module();
    tree.release(&[]);
    let commit = tree.git(&["rev-parse", "HEAD"]);
    for [name, _, _, expected] in PROGRAMS {
        let program = tree.join(&format!("dist/binary/{name}-linux-amd64"));
        let told = Verdict::of(&mut Command::new(program)).accepted().stderr;
        let expected = expected.replace("COMMIT", &commit).replace("DATE", DATE);
        assert_eq!(told.trim(), expected, "{name}");
    }
}

#[test]
#[ignore = "slow cases: 1 min, compiles with Rust"]
fn a_released_program_in_rust_says_the_version_of_its_package() {
    let tree = Tree::bare(&[
        ("Cargo.toml", "[package]\nname = \"tool\"\nversion = \"3.2.1\"\nedition = \"2021\"\n"),
        ("Cargo.lock", "version = 4\n\n[[package]]\nname = \"tool\"\nversion = \"3.2.1\"\n"),
        (
            "src/main.rs",
            "fn main() {\n    println!(\"{} {}\", env!(\"CARGO_PKG_NAME\"), \
             env!(\"CARGO_PKG_VERSION\"));\n}\n",
        ),
    ]);
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree.release(&["--platform=linux-amd64"]);
    let told = Verdict::of(&mut Command::new(tree.only("linux-amd64"))).accepted();
    assert_eq!(told.stdout, "tool 3.2.1\n");
}
