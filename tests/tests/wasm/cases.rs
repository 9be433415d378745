//! The requests that both sides are asked: good ones and bad ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use model::Digest;
use product_tests::release;
use product_tests::scratch::Scratch;
use serde_json::{Value, json};

/// One request.
pub struct Case {
    /// The command's name; `merge` is `sbom --merge`.
    pub step: &'static str,
    /// JSON, or what should have been.
    pub request: String,
    /// The file or tree that it is about.
    pub file: Option<PathBuf>,
}

fn case(step: &'static str, request: Value) -> Case {
    Case { step, request: request.to_string(), file: None }
}

/// What no request is.
const BAD: [&str; 8] = [
    "",
    "nul",
    "{",
    "[]",
    "\"\"",
    "{\"unknown\":1}",
    "{\"a\":\u{1}}",
    "{\"parse\":{\"files\":[\"a\"]},\"build\":1}",
];

/// Texts that some reader might take for more than text.
pub const HOSTILE: [&str; 12] = [
    "$(touch pwned)",
    "`touch pwned`",
    "a\n::set-output name=x::y",
    "%0A::set-output name=x::y",
    "--help",
    "-rf",
    "\u{202e}gnp.exe",
    "é日本🦀",
    "a\u{0}b",
    "'; rm -rf / #",
    "<img src=x onerror=alert(1)>|`*_",
    "${{ github.token }}",
];

/// All of them. Trees are written into `room`.
pub fn all(room: &Scratch) -> Vec<Case> {
    let mut cases = wheel_names();
    cases.extend(checksums());
    cases.extend(provenances());
    cases.extend(matrices(room));
    cases.extend(sboms(room));
    for step in ["wheel-name", "checksums", "provenance", "merge"] {
        cases.extend(BAD.map(|bad| Case { step, request: bad.to_owned(), file: None }));
    }
    cases
}

fn wheel_names() -> Vec<Case> {
    let names = ["a", "My.Pkg", "mcp-server_time", "a--b", "-a", "", "bár"];
    let versions =
        ["1", "1.0rc1", "v1.2.3", "1!2.0", "1.0+local.1", "1.0-nightly", "x", "1.0.post2"];
    let mut cases = Vec::new();
    for name in names.into_iter().chain(HOSTILE) {
        for version in versions {
            let build = json!({ "name": name, "version": version, "pythons": "py3,py2",
                "abis": ["none"], "platforms": ["any"] });
            cases.push(case("wheel-name", json!({ "build": build })));
        }
    }
    let tags = [
        "manylinux_2_17_x86_64,manylinux2014_x86_64",
        "win_amd64",
        "",
        "a-b",
        "A.B",
        "macosx_11_0_arm64",
    ];
    for tag in tags {
        for number in ["", "1", "1abc", "x1"] {
            let build = json!({ "name": "a", "version": "1", "build": number, "pythons": "cp311",
                "abis": "abi3", "platforms": tag });
            cases.push(case("wheel-name", json!({ "build": build })));
        }
    }
    let files = [
        "a-1.0-py3-none-any.whl",
        "a-1.0-1-py3-none-any.whl",
        "pyvirtualcam-0.13.0-cp310-cp310-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "a-1.0.whl",
        "a-1.0-py3-none-any.wheel",
        "../a-1.0-py3-none-any.whl",
    ];
    for file in files.into_iter().chain(HOSTILE) {
        cases.push(case("wheel-name", json!({ "parse": { "files": [file, files[0]] } })));
        cases.push(case("wheel-name", json!({ "parse": { "files": file } })));
    }
    cases
}

fn checksums() -> Vec<Case> {
    let digest = Digest::of(b"a");
    let line = |path: &str| format!("{}  {path}\n", digest.hex());
    let paths = ["a", "b/c", "back\\slash", "*star", " blank", "", "é"];
    let mut cases = Vec::new();
    for path in paths.into_iter().chain(HOSTILE) {
        let files = json!([{ "path": path, "digest": digest }, { "path": "z", "digest": digest }]);
        cases.push(case("checksums", json!({ "render": { "files": files } })));
        cases.push(case("checksums", json!({ "parse": { "text": line(path) } })));
        for scope in ["listed", "given", "both"] {
            let compare = json!({ "text": line(path), "files": files, "scope": scope });
            cases.push(case("checksums", json!({ "compare": compare })));
        }
    }
    for digest in ["", "sha256:", "sha512:00", &digest.hex()] {
        let files = json!([{ "path": "a", "digest": digest }]);
        cases.push(case("checksums", json!({ "render": { "files": files } })));
    }
    cases
}

fn provenances() -> Vec<Case> {
    let digest = Digest::of(b"a");
    let files: Vec<Value> =
        (0..1_100).map(|at| json!({ "path": format!("f{at}"), "digest": digest })).collect();
    let mut cases = vec![
        case("provenance", json!({})),
        case("provenance", json!({ "files": files })),
        case("provenance", json!({ "files": [files[0], files[0]] })),
    ];
    let commits = [String::new(), "a".repeat(40), "A".repeat(40), "0".repeat(64), "x".to_owned()];
    for commit in &commits {
        for epoch in [json!(0), json!("1700000000"), json!("x"), json!(-1), json!(1e300)] {
            let request = json!({ "files": [files[0]], "commit": commit, "epoch": epoch,
                "repository": "https://github.com/owner/repo", "plan": digest });
            cases.push(case("provenance", request));
        }
    }
    for text in HOSTILE {
        let list = format!("{}  {text}\n", digest.hex());
        let request = json!({ "files": [files[0]], "repository": text, "tag": text,
            "version": text, "selection": [text], "checksums": list });
        cases.push(case("provenance", request));
    }
    cases
}

const CONFIG: &str = "[release]\nversion = \"1.0.0\"\nregistry = \"ghcr.io/owner\"\n\
    repository = \"https://github.com/owner/repo\"\n\n[[package]]\nname = \"chart\"\n\
    chart = { path = \"chart\" }\n\n[[package]]\nname = \"server\"\ndescription = \"d\"\n\
    license = \"MIT\"\nbinary = { go = \"server\" }\nimage = { from = \"binary\" }\n";

const CHART: &str = "apiVersion: v2\nname: chart\nversion: 1.0.0\n";

fn matrices(room: &Scratch) -> Vec<Case> {
    let good = [
        ("package-actions.toml", CONFIG),
        ("chart/Chart.yaml", CHART),
        ("server/go.mod", "module example.com/server\n\ngo 1.24\n"),
        ("server/main.go", "package main\n\nfunc main() {}\n"),
    ];
    let mut trees = vec![tree(room, "good", &good)];
    trees.push(tree(room, "empty", &[]));
    trees.push(tree(room, "chartless", &[good[0], good[2], good[3]]));
    trees.push(tree(room, "broken", &[("package-actions.toml", "[release")]));
    let ignored =
        tree(room, "ignored", &[&good[..], &[(".gitignore", "*.go\n!keep.go\n")]].concat());
    trees.push(ignored);
    let committed = tree(room, "committed", &good);
    git(&committed);
    fs::remove_file(committed.join("server/main.go")).expect("a file less");
    trees.push(committed);
    let linked = tree(room, "linked", &good);
    fs::rename(linked.join("chart"), linked.join("real")).expect("a folder");
    #[cfg(unix)]
    std::os::unix::fs::symlink("real", linked.join("chart")).expect("a link");
    trees.push(linked);
    // The link is asked for after two folders, from where on a host may know all that are beside.
    let outside =
        CONFIG.to_owned() + "\n[[package]]\nname = \"away\"\nbinary = { go = \"away\" }\n";
    let files = [("package-actions.toml", outside.as_str()), good[1], good[2], good[3]];
    let outside = tree(room, "outside", &files);
    #[cfg(unix)]
    std::os::unix::fs::symlink(room.join("good"), outside.join("away")).expect("a link");
    trees.push(outside);
    trees.push(tree(room, "many", &[("package-actions.toml", &many()), good[2], good[3]]));
    let mut requests = vec![
        json!({}),
        json!({ "max-legs": 2 }),
        json!({ "max-legs": "0" }),
        json!({ "formats": "helm,oci" }),
        json!({ "formats": ["binary"], "platforms": "linux-amd64\nlinux-arm64", "whole": true }),
        json!({ "platforms": "linux/amd64" }),
        json!({ "packages": ["ch*"] }),
        json!({ "packages": "none" }),
        json!({ "formats": "deb", "platforms": "mips", "max-legs": "many", "whole": "perhaps" }),
    ];
    requests.extend(HOSTILE.map(|text| json!({ "packages": [text], "formats": text })));
    let mut cases = Vec::new();
    for tree in &trees {
        let few = if tree.ends_with("good") { requests.len() } else { 3 };
        cases.extend(requests.iter().take(few).map(|request| Case {
            step: "matrix",
            request: request.to_string(),
            file: Some(tree.clone()),
        }));
    }
    cases
}

/// So large a plan that the host of WASM is asked for its digest.
fn many() -> String {
    let head = CONFIG.split("\n[[package]]").next().unwrap_or_default();
    let package = |number| {
        format!(
            "\n[[package]]\nname = \"server-{number}\"\nbinary = {{ go = \"server\" }}\n\
             image = {{ from = \"binary\" }}\n"
        )
    };
    head.to_owned() + &(0..180).map(package).collect::<String>()
}

fn sboms(room: &Scratch) -> Vec<Case> {
    let dist = release::example();
    let mut cases = Vec::new();
    for folder in ["pypi", "helm", "binary"] {
        let mut files: Vec<PathBuf> = fs::read_dir(dist.join(folder))
            .expect("the example has every format")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_file() && path.extension().is_none_or(|end| end != "json"))
            .collect();
        files.sort();
        for file in files {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            let request = json!({ "file": name, "version": "1.0.0", "license": "MIT",
                "repository": "https://github.com/owner/repo", "epoch": 1_700_000_000 });
            cases.push(Case { step: "sbom", request: request.to_string(), file: Some(file) });
        }
    }
    for (index, name) in ["a.whl", "a-1.tgz", "a-1.0.tar.gz", "app", "a/b"].iter().enumerate() {
        let file = room.join(format!("junk-{index}"));
        fs::write(&file, b"PK\x03\x04 this is none").expect("a file");
        let request = json!({ "file": name, "version": HOSTILE[index] }).to_string();
        cases.push(Case { step: "sbom", request, file: Some(file) });
    }
    let mut documents: Vec<String> = fs::read_dir(dist.join("sbom"))
        .expect("the example has SBOMs")
        .map(|entry| fs::read_to_string(entry.expect("an entry").path()).unwrap_or_default())
        .filter(|text| text.starts_with('{'))
        .collect();
    documents.sort();
    for count in [0, 1, 2, documents.len()] {
        let texts = documents.get(..count).unwrap_or_default();
        cases.push(case("merge", json!({ "name": "all", "documents": texts, "epoch": 1 })));
        cases.push(case("merge", json!({ "name": "", "documents": texts })));
    }
    cases
}

fn tree(room: &Scratch, name: &str, files: &[(&str, &str)]) -> PathBuf {
    let root = room.join(name);
    fs::create_dir_all(&root).expect("a folder");
    for (path, text) in files {
        let file = root.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }
    root
}

fn git(root: &Path) {
    let author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    for words in [vec!["init", "--quiet"], vec!["add", "--all"], {
        [&author[..], &["commit", "--quiet", "--message", "all"]].concat()
    }] {
        let done = Command::new("git").arg("-C").arg(root).args(words).status();
        assert!(done.expect("git runs").success());
    }
}
