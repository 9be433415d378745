//! The layers of images from a program: what an image holds that needs to call out, and what one
//! holds that is given nothing.

use std::path::Path;

use product_tests::judges::{ImageRun, run_image};
use serde_json::{Value, json};

use super::archives::python;
use super::samples::GO_MOD;
use super::tree::{DATE, Tree};

/// Says whether it has authorities, time zones and a folder for temporary files.
const PROGRAM: &str = r#"package main

import (
	"crypto/x509"
	"fmt"
	"os"
	"time"
)

func main() {
	pool, err := x509.SystemCertPool()
	fmt.Println("roots", err == nil && !pool.Equal(x509.NewCertPool()))
	_, err = time.LoadLocation("Europe/Berlin")
	fmt.Println("zone", err)
	_, err = os.CreateTemp("", "x")
	fmt.Println("temp", err)
}
"#;

const CONFIG: &str = r#"[release]
version = "1.0.0"
registry = "localhost/team"

[[package]]
name = "usual"
binary = { go = ".", name = "usual", platforms = ["linux-amd64"] }
image = { from = "binary" }

[[package]]
name = "bare"
binary = { go = ".", name = "bare", platforms = ["linux-amd64"] }
image = { from = "binary", base = "none", files = { "/etc/tool.toml" = "assets/linked.toml" } }

[[package]]
name = "more"
binary = { go = ".", name = "more", platforms = ["linux-amd64"] }

[package.image]
from = "binary"
files = { "/etc/ssl/certs/ca-certificates.crt" = "own.crt", "/usr/share/more" = "assets" }
"#;

fn released() -> Tree {
    let tree = Tree::bare(&[
        ("go.mod", GO_MOD),
        ("main.go", PROGRAM),
        ("own.crt", "authorities of our own\n"),
        ("assets/a/one.txt", "1\n"),
        ("assets/two.txt", "2\n"),
        ("package-actions.toml", CONFIG),
    ]);
    tree.put_program("assets/run.sh", "#!/bin/sh\n");
    tree.link("assets/linked.toml", "two.txt");
    tree.commit(DATE);
    tree.release(&[]);
    tree
}

/// Every member of the only image of a layout, upper layers over lower ones: its kind, mode and
/// owner, with the text of small files and the size of others.
const LAYERS: &str = r#"
import json, sys, tarfile
blob = lambda digest: sys.argv[1] + '/blobs/' + digest.replace(':', '/')
load = lambda digest: json.load(open(blob(digest)))
index = load(json.load(open(sys.argv[1] + '/index.json'))['manifests'][0]['digest'])
found = {}
for layer in load(index['manifests'][0]['digest'])['layers']:
    archive = tarfile.open(blob(layer['digest']))
    for member in archive:
        text = None
        if member.isfile() and member.size < 10000:
            text = archive.extractfile(member).read().decode('latin-1')
        found['/' + member.name.strip('./')] = {
            'file': member.isfile(), 'folder': member.isdir(), 'mode': oct(member.mode),
            'owner': [member.uid, member.gid], 'size': member.size, 'text': text,
            'time': member.mtime}
print(json.dumps(found))
"#;

fn contents(tree: &Tree, name: &str) -> Value {
    python(LAYERS, &tree.join("dist/oci").join(name))
}

/// The paths of the files alone.
fn files(contents: &Value) -> Vec<&str> {
    let all = contents.as_object().unwrap().iter();
    all.filter(|(_, about)| about["file"] == true).map(|(path, _)| path.as_str()).collect()
}

/// The usual base: authorities, zones, users, and a folder for temporary files.
fn has_a_base(contents: &Value) {
    let authorities = &contents["/etc/ssl/certs/ca-certificates.crt"];
    assert!(authorities["size"].as_u64().unwrap() > 100_000, "{authorities}");
    assert_eq!(authorities["mode"], "0o644", "{authorities}");
    for zone in ["Europe/Berlin", "America/New_York", "UTC"] {
        let zone = &contents[format!("/usr/share/zoneinfo/{zone}")];
        assert!(zone["text"].as_str().unwrap().starts_with("TZif"), "{zone}");
    }
    let users = contents["/etc/passwd"]["text"].as_str().unwrap();
    assert!(users.contains("nonroot:x:65532:65532:"), "{users}");
    let groups = contents["/etc/group"]["text"].as_str().unwrap();
    assert!(groups.contains("nonroot:x:65532:"), "{groups}");
    let (temporary, home) = (&contents["/tmp"], &contents["/home/nonroot"]);
    assert_eq!((&temporary["folder"], &temporary["mode"]), (&json!(true), &json!("0o1777")));
    assert_eq!((&home["folder"], &home["owner"]), (&json!(true), &json!([65532, 65532])));
}

#[test]
fn an_image_from_a_program_can_call_out_unless_it_is_told_to_hold_nothing() {
    let tree = released();
    let usual = contents(&tree, "usual");
    has_a_base(&usual);
    let program = &usual["/usual"];
    assert_eq!((&program["file"], &program["mode"]), (&json!(true), &json!("0o755")));
    let bare = contents(&tree, "bare");
    assert_eq!(files(&bare), ["/bare", "/etc/tool.toml"]);
    assert_eq!(bare["/etc/tool.toml"]["text"], "2\n");

    let more = contents(&tree, "more");
    let own = &more["/etc/ssl/certs/ca-certificates.crt"]["text"];
    assert_eq!(own, "authorities of our own\n");
    assert_eq!(more["/usr/share/more/a/one.txt"]["text"], "1\n");
    assert_eq!(more["/usr/share/more/linked.toml"]["text"], "2\n");
    assert_eq!(more["/usr/share/more/run.sh"]["mode"], "0o755");
    assert!(more["/usr/share/zoneinfo/UTC"]["file"] == true);

    has_roots(&tree.join("dist/oci/usual"), "roots true\nzone <nil>\ntemp <nil>\n");
    has_roots(&tree.join("dist/oci/bare"), "roots false\nzone unknown time zone Europe/Berlin\n");
    of_one_time(&usual, &tree);
}

/// What the program says of the image, where it can be run.
fn has_roots(layout: &Path, expected: &str) {
    let run = ImageRun { layout, tag: "1.0.0", arguments: &[], host_network: false };
    let Some(told) = run_image(&run) else { return };
    let told = told.accepted();
    assert!(told.stdout.starts_with(expected), "{}", told.told());
}

/// Nothing in the layers is younger than the commit, and the base is that of every release.
fn of_one_time(contents: &Value, tree: &Tree) {
    let epoch = tree.manifest()["source"]["epoch"].as_u64().unwrap();
    let members = contents.as_object().unwrap();
    let late = members.iter().find(|(_, about)| about["time"].as_u64().unwrap() > epoch);
    assert!(late.is_none(), "{late:?}");
}
