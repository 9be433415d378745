//! Really fetches every tool that this machine has a row for, into an empty cache. Needs the
//! network and 2 GB: `cargo test -p tools --test fetch -- --ignored --nocapture`.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use model::Invocation;
use tools::{Cache, RunOptions, Tool, ToolOrigin, Toolbox, ToolboxOptions, host_platform, run};

/// The cache's folder, and whether it is thrown away: `TOOLS_TEST_CACHE` is kept.
fn cache_root() -> (PathBuf, bool) {
    let scratch = || std::env::temp_dir().join(format!("tools-fetch-{}", std::process::id()));
    let kept = std::env::var_os("TOOLS_TEST_CACHE").map(PathBuf::from);
    kept.map_or_else(|| (scratch(), true), |kept| (kept, false))
}

#[test]
#[ignore = "slow tools: fetches 300 MB and a Rust toolchain"]
fn every_row_of_this_machine_is_served_has_the_pinned_hash_and_says_its_version() {
    let (root, scratch) = cache_root();
    let cache = Cache::open(&root).unwrap();
    let tell = |event: &tools::Event<'_>| println!("{event}");
    let online = Toolbox::new(cache.clone(), ToolboxOptions::default(), tell).unwrap();
    let platform = host_platform().unwrap();
    let here = Tool::ALL.into_iter().filter(|tool| online.pins().pin(*tool, platform).is_some());
    let targets = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"].map(str::to_owned);
    let start = Instant::now();
    let rust = online.rust(None, &targets).unwrap();
    println!("Rust {} in {:?}", rust.version, start.elapsed());
    for tool in here.clone() {
        let start = Instant::now();
        let found = online.path(tool).unwrap();
        println!("{tool} {} in {:?}", found.version, start.elapsed());
        assert_eq!(found.origin, ToolOrigin::Cache);
        if let Some(args) = tool.version_args() {
            let ask = Invocation::new(found.program.to_string_lossy(), args.iter().copied());
            let output = run(&ask, &mut RunOptions::default()).unwrap();
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(said.contains(&found.version), "{tool} says {said}");
        }
    }
    let options = ToolboxOptions { offline: true, ..ToolboxOptions::default() };
    let offline = Toolbox::new(cache, options, tell).unwrap();
    for tool in here {
        assert_eq!(offline.path(tool).unwrap(), online.path(tool).unwrap());
    }
    assert_eq!(offline.rust(None, &targets).unwrap(), rust);
    if scratch {
        fs::remove_dir_all(root).unwrap();
    }
}
