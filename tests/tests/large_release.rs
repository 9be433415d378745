//! Releases with more downloads than a GitHub release holds comfortably: at every size, what is
//! sealed is what `verify` works out again.

use std::fmt::Write as _;
use std::fs;

use product_tests::product;
use product_tests::scratch::Scratch;

/// A tree of one Python project and so many meta packages over it, which need no tool to be built.
fn tree(packages: usize) -> Scratch {
    let tree = Scratch::new("large").unwrap();
    let mut config = "[release]\nversion = \"1.0.0\"\nrepository = \"https://github.com/a/b\"\n\n\
                      [[package]]\nname = \"lib\"\npython = { path = \"lib\" }\n"
        .to_owned();
    for number in 0..packages {
        write!(
            config,
            "\n[[package]]\nname = \"meta{number}\"\ndescription = \"All of it\"\n\
             license = \"MIT\"\npython = {{ meta = \"lib\" }}\n"
        )
        .unwrap();
    }
    fs::write(tree.join("package-actions.toml"), config).unwrap();
    fs::create_dir(tree.join("lib")).unwrap();
    let project = "[project]\nname = \"lib\"\nversion = \"1.0.0\"\n";
    fs::write(tree.join("lib/pyproject.toml"), project).unwrap();
    tree
}

/// Releases so many packages of two archives each, and counts what is offered for download.
fn check(packages: usize, signing: &str, expected: usize) {
    let tree = tree(packages);
    let folder = tree.path().to_str().unwrap();
    let words =
        ["release", "--local", folder, "--package", "meta*", "--sign", signing, "--offline"];
    product::run(&words).accepted();
    product::run(&["verify", tree.join("dist").to_str().unwrap()]).accepted();
    let found = fs::read_dir(tree.join("dist/github")).unwrap().count();
    assert_eq!(found, expected, "{packages} packages, signed by {signing}");
    assert!(expected <= 1_000, "more than a GitHub release holds");
}

#[test]
fn a_large_release_offers_what_a_github_release_can_hold_and_verifies() {
    // The list of digests, the provenance, the manifest; signed: their bundles, and the key.
    let (unsigned, signed) = (3, 7);
    check(10, "local", 20 * 3 + signed);
    check(140, "local", 280 * 3 + signed);
    check(160, "local", 320 + signed);
    check(230, "local", 460 + signed);
    check(440, "none", 880 + unsigned);
    check(460, "none", unsigned);
}
