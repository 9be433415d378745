use std::sync::{Arc, Mutex};

use super::fakes::{Fakes, executable};
use super::*;
use crate::run::RunError;

struct Fixture {
    fakes: Fakes,
    toolbox: Toolbox,
    told: Arc<Mutex<Vec<String>>>,
}

fn toolbox(name: &str, options: ToolboxOptions) -> Fixture {
    let fakes = Fakes::new(name);
    let cache = Cache::open(&fakes.root().join("cache")).unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let progress = move |event: &Event<'_>| tell.lock().unwrap().push(event.to_string());
    let mut toolbox = Toolbox::new(cache, options, progress).unwrap();
    toolbox.search = fakes.search();
    toolbox.platform = Some(Platform::LinuxAmd64);
    Fixture { fakes, toolbox, told }
}

fn offline() -> ToolboxOptions {
    ToolboxOptions { offline: true, ..ToolboxOptions::default() }
}

#[test]
fn a_tool_on_path_is_used_only_in_exactly_the_pinned_version() {
    let check = |tool: Tool, says: &str, expected: bool| {
        let b = toolbox(&format!("path-{tool}"), offline());
        b.fakes.program(tool.as_str(), &format!("echo '{says}'"));
        let found = b.toolbox.path(tool);
        assert_eq!(found.is_ok(), expected, "{tool} says {says}: {found:?}");
        if let Ok(found) = found {
            assert_eq!(
                (found.origin, found.program.starts_with(b.fakes.root())),
                (ToolOrigin::Path, true)
            );
            assert!(b.told.lock().unwrap()[0].starts_with(&format!("using {tool} at")));
        }
    };
    check(Tool::Uv, "uv 0.13.9 (x86_64-unknown-linux-gnu)", true);
    check(Tool::Uv, "uv 0.13.90", false);
    check(Tool::Uv, "uv 0.13.8", false);
    check(Tool::Go, "go version go1.27.3 linux/amd64", true);
    check(Tool::Go, "go version go1.26.8 linux/amd64", false);
    check(Tool::Helm, "v4.2.3+g43e8b7f", true);
    check(Tool::Helm, "v4.2.3-rc.1", false);
    check(Tool::Zig, "0.17.1", true);
    check(Tool::Zig, "0.17.1-dev.3", false);
    check(Tool::CargoAuditable, "cargo-auditable 0.7.7", false);
}

#[test]
fn a_named_tool_is_used_whatever_its_version_and_must_be_executable() {
    let fakes = Fakes::new("named");
    let good = fakes.program("my-helm", "echo v3.1.0+gabc");
    let overrides = |path: &Path| ToolboxOptions {
        overrides: BTreeMap::from([(Tool::Helm, path.to_owned())]),
        offline: true,
    };
    let found = toolbox("named-good", overrides(&good)).toolbox.path(Tool::Helm).unwrap();
    assert_eq!((found.version.as_str(), found.origin), ("3.1.0", ToolOrigin::Named));
    let missing = fakes.root().join("none");
    let error = toolbox("named-bad", overrides(&missing)).toolbox.path(Tool::Helm).unwrap_err();
    assert_eq!(error.problem().code.name, "tool-override");
}

#[test]
fn offline_refuses_what_is_not_in_the_cache_and_says_what_to_do() {
    let b = toolbox("offline", offline());
    for error in [
        b.toolbox.path(Tool::Uv).unwrap_err(),
        b.toolbox.rust(None, &["x86_64-unknown-linux-musl".to_owned()]).unwrap_err(),
    ] {
        let problem = error.problem();
        assert_eq!(problem.code.to_string(), "tool-offline", "{problem}");
        assert!(problem.help.unwrap().contains("without `--offline`"));
    }
    assert!(!b.toolbox.has_all(&[Tool::Uv]));
    assert!(!b.toolbox.has_rust(None, &[]));
}

#[test]
fn a_cached_tool_is_preferred_to_one_on_path_and_a_partial_one_is_never_used() {
    let b = toolbox("cached", offline());
    let pin = b.toolbox.pin(Tool::Uv).unwrap();
    let folder = b.toolbox.folder(pin, &pin.sources[0]);
    let partial = b.toolbox.cache.paths().root.join("partial").join(folder.file_name().unwrap());
    executable(&partial.join("whole").join(&pin.sources[0].program), "echo uv 0.13.9");
    assert!(b.toolbox.path(Tool::Uv).is_err(), "a half-unpacked tool was used");
    b.fakes.program("uv", "echo uv 0.13.9");
    executable(&folder.join(&pin.sources[0].program), "echo uv 0.13.9");
    assert_eq!(b.toolbox.path(Tool::Uv).unwrap().origin, ToolOrigin::Cache);
    assert!(b.toolbox.has_all(&[Tool::Uv]));
}

#[test]
fn a_machine_without_a_pinned_tool_gets_the_advice_to_name_it() {
    let mut b = toolbox("no-pin", ToolboxOptions::default());
    b.toolbox.platform = Some(Platform::WindowsAmd64);
    let problem = b.toolbox.path(Tool::Helm).unwrap_err().problem();
    assert_eq!(problem.code.to_string(), "tool-not-pinned");
    assert!(problem.help.unwrap().contains("--tool helm=PATH"));
}

#[test]
fn work_without_a_network_is_repeated_offline_if_every_tool_is_available() {
    let lost = || {
        let (line, status) = ("uv build".to_owned(), "exit status: 2".to_owned());
        let tail = "dns error: failed to lookup address".to_owned();
        ToolError::Run(RunError::Failed {
            program: "a".to_owned(),
            line,
            status,
            code: Some(2),
            tail,
            log: None,
        })
    };
    let b = toolbox("attempt", ToolboxOptions::default());
    let mut asked = Vec::new();
    let refused = b.toolbox.attempt(&[Tool::Uv], |offline| {
        asked.push(offline);
        Err::<(), _>(lost())
    });
    assert!(refused.is_err() && !b.toolbox.is_offline());
    b.fakes.program("uv", "echo uv 0.13.9");
    let done = b.toolbox.attempt(&[Tool::Uv], |offline| {
        asked.push(offline);
        if offline { Ok(()) } else { Err(lost()) }
    });
    assert!(done.is_ok() && b.toolbox.is_offline());
    assert_eq!(asked, [false, false, true]);
    assert!(b.told.lock().unwrap()[0].contains("continuing offline"));
}
