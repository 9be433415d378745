//! No credential shows up in anything that people or other programs can read.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use forge::{Access, Fault, Kind, On, RegistrySetup, Service, Setup};
use product_tests::product;
use product_tests::sample::Sample;
use product_tests::scratch::Scratch;

/// Planted where each credential goes.
const CANARIES: &[&str] = &["canary-github", "canary-registry", "canary-index"];

#[test]
fn no_credential_shows_in_output_arguments_or_what_is_left_behind() {
    let access = Access::Bearer { user: "robot".to_owned(), password: CANARIES[1].to_owned() };
    let registry = RegistrySetup { access, ..RegistrySetup::default() };
    let mut setup = Setup { registry, ..Setup::default() };
    setup.github.token = Some(CANARIES[0].to_owned());
    setup.index.token = Some(CANARIES[2].to_owned());
    let forge = forge::Forge::start(setup).unwrap();
    let sample = Sample::build(&forge.host(Service::Registry), "hello");
    let home = Scratch::new("home").unwrap();
    let login = STANDARD.encode(format!("robot:{}", CANARIES[1]));
    let config = format!(
        "{{\"auths\": {{\"{}\": {{\"auth\": \"{login}\"}}}}}}",
        forge.host(Service::Registry)
    );
    fs::write(home.join("config.json"), config).unwrap();
    // Refused and broken requests quote what they know: the errors must not quote secrets.
    let faults = [
        None,
        Some((Service::Api, Kind::Status(422))),
        Some((Service::Registry, Kind::Status(401))),
        Some((Service::Index, Kind::Status(403))),
        Some((Service::Uploads, Kind::DropRequest(10))),
    ];
    for fault in faults {
        forge.disarm();
        forge.change(|state| *state = forge::State::default());
        if let Some((service, kind)) = &fault {
            forge.inject(Fault::always(On::service(*service), kind.clone()).times(4));
        }
        for output in ["table", "json"] {
            let told = run(&forge, &sample, &home, output);
            for canary in CANARIES.iter().copied().chain([login.as_str()]) {
                assert!(!told.contains(canary), "{fault:?}: {canary} in {told}");
            }
        }
    }
    left_behind(&sample);
}

/// Publishes; gives all that it wrote to its streams and every command line below it.
fn run(forge: &forge::Forge, sample: &Sample, home: &Scratch, output: &str) -> String {
    let mut command = product::command();
    command.arg("publish").arg(sample.dist()).args(["--output", output]);
    let index = forge.url(Service::Index);
    command.args(["--publish-url", &format!("{index}/legacy/")]);
    command.args(["--check-url", &format!("{index}/simple/")]);
    command.env("GITHUB_API_URL", forge.url(Service::Api)).env("DOCKER_CONFIG", home.path());
    command.env("GITHUB_TOKEN", CANARIES[0]).env("UV_PUBLISH_TOKEN", CANARIES[2]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let streams: [Box<dyn std::io::Read + Send>; 2] =
        [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
    let readers = streams.map(|mut stream| {
        std::thread::spawn(move || {
            let mut text = String::new();
            stream.read_to_string(&mut text).unwrap();
            text
        })
    });
    let mut told = String::new();
    while child.try_wait().unwrap().is_none() {
        for line in command_lines(child.id()) {
            if !told.contains(&line) {
                told.push_str(&line);
            }
        }
    }
    readers.into_iter().for_each(|reader| told.push_str(&reader.join().unwrap()));
    told
}

/// The command lines of a process and of all below it.
fn command_lines(process: u32) -> Vec<String> {
    let line = fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    let mut lines = vec![String::from_utf8_lossy(&line).replace('\0', " ")];
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    for task in tasks {
        let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        let children = children.split_whitespace().filter_map(|child| child.parse().ok());
        lines.extend(children.flat_map(command_lines));
    }
    lines
}

/// Nothing in the release's folder, journals included, holds a credential.
fn left_behind(sample: &Sample) {
    let mut folders = vec![sample.dist()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            for canary in CANARIES {
                let found = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
                assert!(!found, "{canary} in {}", path.display());
            }
        }
    }
}
