use std::cell::Cell;

use super::*;

fn cache(name: &str) -> (Cache, PathBuf) {
    let root = env::temp_dir().join(format!("tools-cache-{name}-{}", std::process::id()));
    fs::remove_dir_all(&root).ok();
    (Cache::open(&root).unwrap(), root)
}

#[test]
fn a_tool_is_installed_completely_or_not_at_all() {
    let (cache, root) = cache("whole");
    let folder = cache.paths().tool("uv", "1.0.0", &Digest::of(b"x"));
    let refused = cache.install(&folder, |staging| {
        fs::write(staging.join("half"), "").unwrap();
        Err(ToolError::Missing { what: "the rest".to_owned() })
    });
    assert!(refused.is_err());
    assert!(!folder.exists());
    cache
        .install(&folder, |staging| {
            assert_eq!(fs::read_dir(staging).unwrap().count(), 0, "the last try is still here");
            let whole = staging.join("whole");
            fs::create_dir(&whole).unwrap();
            fs::write(whole.join("uv"), "tool").unwrap();
            fs::write(staging.join("download"), "").unwrap();
            Ok(whole)
        })
        .unwrap();
    assert_eq!(fs::read_to_string(folder.join("uv")).unwrap(), "tool");
    assert_eq!(fs::read_dir(root.join("partial")).unwrap().count(), 0);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn leftovers_of_a_killed_run_are_removed() {
    let (cache, root) = cache("killed");
    let folder = cache.paths().tool("uv", "1.0.0", &Digest::of(b"x"));
    let left = root.join("partial").join(folder.file_name().unwrap());
    fs::create_dir_all(left.join("whole")).unwrap();
    fs::write(left.join("whole/uv"), "half").unwrap();
    cache
        .install(&folder, |staging| {
            let whole = staging.join("whole");
            assert!(!whole.exists());
            fs::create_dir(&whole).unwrap();
            Ok(whole)
        })
        .unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn a_lock_is_held_by_one_process_and_another_waits() {
    let (cache, root) = cache("lock");
    let order = std::sync::Mutex::new(Vec::new());
    let (ready, wait) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let first = cache.lock("uv", || unreachable!("nobody else holds it")).unwrap();
        let (order, cache) = (&order, &cache);
        scope.spawn(move || {
            let second = cache.lock("uv", || ready.send(()).unwrap()).unwrap();
            order.lock().unwrap().push("second");
            drop(second);
        });
        wait.recv().unwrap();
        order.lock().unwrap().push("first");
        drop(first);
    });
    assert_eq!(*order.lock().unwrap(), ["first", "second"]);
    let told = Cell::new(false);
    drop(cache.lock("uv", || told.set(true)).unwrap());
    assert!(!told.get(), "the lock is free again");
    fs::remove_dir_all(root).unwrap();
}

#[test]
fn two_versions_and_two_downloads_of_a_tool_coexist() {
    let paths = CachePaths { root: PathBuf::from("/c") };
    let tool = paths.tool("uv", "0.13.9", &Digest::of(b"a"));
    assert_eq!(tool, PathBuf::from("/c/tools/uv-0.13.9-ca978112ca1b"));
    assert_ne!(tool, paths.tool("uv", "0.13.9", &Digest::of(b"b")));
    assert_ne!(tool, paths.tool("uv", "0.13.8", &Digest::of(b"a")));
}
