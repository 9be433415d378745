//! The npm package: what its manifest promises is there, in Node as by name.

use std::fs;

use product_tests::judges::Verdict;
use product_tests::repository;
use serde_json::Value;

use super::installed::Installed;

fn manifest() -> Value {
    let text = fs::read_to_string(repository::root().join("package.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn it_depends_on_nothing_and_its_version_is_the_products() {
    let manifest = manifest();
    for key in ["dependencies", "peerDependencies", "optionalDependencies", "scripts"] {
        assert!(manifest.get(key).is_none(), "{key}");
    }
    let cargo = fs::read_to_string(repository::root().join("Cargo.toml")).unwrap();
    let cargo: toml::Table = cargo.parse().unwrap();
    assert_eq!(manifest["version"], cargo["workspace"]["package"]["version"].as_str().unwrap());
    assert_eq!(manifest["type"], "module");
}

#[test]
fn it_is_imported_by_name_and_has_what_its_types_declare() {
    let Some(installed) = Installed::new() else { return };
    for path in manifest()["files"].as_array().unwrap() {
        let path = path.as_str().unwrap();
        let built = path == "wasm/pkg";
        assert!(built || repository::root().join(path).exists(), "{path}");
    }
    let script = installed.join("import.mjs");
    let lines = "import * as it from '@contextforge-org/package-actions';\n\
                 console.log(Object.keys(it).join(' '));\n\
                 console.log(it.version({ version: '1.0rc1' }).semver);\n";
    fs::write(&script, lines).unwrap();
    let told = Verdict::of(&mut installed.node(&script)).accepted().stdout;
    let (names, version) = told.trim_end().split_once('\n').unwrap();
    assert_eq!(version, "1.0.0-rc.1");
    let types = fs::read_to_string(repository::root().join("wasm/types.d.ts")).unwrap();
    for line in types.lines() {
        let rest = line.strip_prefix("export function ").or(line.strip_prefix("export class "));
        let Some(name) = rest.and_then(|rest| rest.split(['(', ' ']).next()) else { continue };
        // A browser loads by hand, Node by itself.
        let there = names.split(' ').any(|found| found == name);
        assert!(there || name == "load", "{name} is declared and not there: {names}");
    }
}

#[test]
fn a_tree_host_needs_no_more_than_its_types_demand() {
    let Some(installed) = Installed::new() else { return };
    let script = installed.join("host.mjs");
    let lines = "import { plan } from '@contextforge-org/package-actions';\n\
                 const files = { 'package-actions.toml': '[release]\\nversion = \"1.0.0\"\\n\
                 [[package]]\\nname = \"a\"\\nbinary = { go = \".\" }\\n', 'go.mod': '' };\n\
                 const bytes = (text) => new TextEncoder().encode(text);\n\
                 const find = (path) => bytes(path === '.' ? 'F' \
                 : path in files ? `T${files[path]}` : 'A');\n\
                 const all = Object.keys(files).map((path) => `${path}\\0`).join('');\n\
                 const host = { find, files: () => bytes(all) };\n\
                 const { units, problems } = plan({}, host);\n\
                 console.log(units?.length, JSON.stringify(problems));\n";
    fs::write(&script, lines).unwrap();
    let told = Verdict::of(&mut installed.node(&script)).accepted().stdout;
    assert!(told.starts_with("5 "), "{told}");
}
