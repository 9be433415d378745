//! What a base's own system says is installed stands in the SBOM: dpkg's own tool is the judge.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use product_tests::judges::{self, Verdict};
use product_tests::product;
use product_tests::scratch::Scratch;
use serde_json::Value;

use super::image::archive;
use super::stand_in::client;
use super::tree::{DOCKERFILE, HELLO, Tree, release};

const OS_RELEASE: &str = "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\n";

/// Name, version, architecture and source package of each, as dpkg tells them.
fn told_by_dpkg(lists: &Path) -> Option<BTreeSet<String>> {
    let format = "${db:Status-Status} ${Package}@${Version} ${Architecture} \
                  ${source:Package}@${source:Version}\n";
    let lists = lists.to_str().unwrap();
    let words = ["--admindir", lists, "--show", "--showformat", format];
    let told = judges::run("dpkg-query", &words)?.accepted().stdout;
    Some(told.lines().filter_map(|line| line.strip_prefix("installed ")).map(of_dpkg).collect())
}

/// A line of dpkg as the URL of that package: its source is told where it is another.
fn of_dpkg(line: &str) -> String {
    let [package, arch, source] = line.split(' ').collect::<Vec<_>>()[..] else {
        panic!("`{line}` is no line of dpkg");
    };
    let (name, version) = package.split_once('@').unwrap();
    let upstream = match source.split_once('@').unwrap() {
        _ if source == package => String::new(),
        (source, of) if of == version => format!("&upstream={source}"),
        (source, of) => format!("&upstream={source}@{of}"),
    };
    format!("pkg:deb/debian/{name}@{version}?arch={arch}&distro=debian-12{upstream}")
}

fn packages(dist: &Path) -> (BTreeSet<String>, Value) {
    let documents = fs::read_dir(dist.join("sbom")).unwrap();
    let mut paths = documents.map(|entry| entry.unwrap().path());
    let path = paths.find(|path| path.to_str().unwrap().contains("amd64")).unwrap();
    let document: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let path = path.to_str().unwrap();
    judges::run("pyspdxtools", &["--infile", path]).map(Verdict::accepted);
    judges::run("ntia-checker", &["-c", "ntia", "--file", path]).map(Verdict::accepted);
    let all = document["packages"].as_array().unwrap();
    let purls = all.iter().filter_map(|one| one["externalRefs"][0]["referenceLocator"].as_str());
    let plain = |purl: &str| purl.replace("%2B", "+").replace("%40", "@");
    (purls.filter(|purl| purl.starts_with("pkg:deb/")).map(plain).collect(), document)
}

#[test]
fn what_the_system_of_a_base_lists_is_what_dpkg_says() {
    let work = Scratch::new("system").unwrap();
    let root = work.join("root");
    let lists = root.join("var/lib/dpkg");
    fs::create_dir_all(root.join("etc")).unwrap();
    fs::create_dir_all(&lists).unwrap();
    fs::write(root.join("x"), "#!/bin/true\n").unwrap();
    fs::write(root.join("etc/os-release"), OS_RELEASE).unwrap();
    // Those of the machine that runs this, where it has any: hundreds, as real as can be.
    let own = fs::read_to_string("/var/lib/dpkg/status").unwrap_or_default();
    let more = "\n\nPackage: left-over\nStatus: deinstall ok config-files\nArchitecture: all\n\
                Version: 1\n\nPackage: lib\nStatus: install ok installed\nArchitecture: amd64\n\
                Multi-Arch: same\nSource: src (2:1~rc1+b1)\nVersion: 2:1~rc1+b1-1\n";
    fs::write(lists.join("status"), format!("{}{more}", own.trim_end())).unwrap();
    let archive = archive(&work, &root, "7", &[]);
    let tool = client(&work, &format!("cp '{archive}' \"$dest\""));
    let repository = "repository = \"https://github.com/team/hello\"\n";
    let config = format!("{}{repository}{HELLO}", release("127.0.0.1:5000"));
    let tree = Tree::write(&[("package-actions.toml", &config), ("Dockerfile", DOCKERFILE)]);
    let words = ["release", "--local", tree.folder(), "--platform", "linux-amd64", "--tool", &tool];
    product::run(&words).accepted();
    let (found, document) = packages(&tree.dist());
    let told = fs::create_dir_all(lists.join("info")).ok().and_then(|()| told_by_dpkg(&lists));
    let Some(told) = told else { return };
    assert_eq!(found, told);
    assert!(found.iter().any(|purl| purl.ends_with("upstream=src@2:1~rc1+b1")), "{found:?}");
    let system =
        document["packages"].as_array().unwrap().iter().find(|one| one["name"] == "debian");
    assert_eq!(system.unwrap()["primaryPackagePurpose"], "OPERATING-SYSTEM");
}
