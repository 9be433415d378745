//! `verify` of what is served: a published release passes, and anything that is forged, altered,
//! swapped, cut or missing does not.

mod sboms;

use std::fs;
use std::path::PathBuf;

use forge::{Fault, Forge, Kind, On, RegistrySetup, Service, Setup};
use product_tests::judges::{self, Verdict};
use product_tests::product;
use product_tests::scratch::Scratch;
use signing::Key;

use super::fixture::{Fixture, REPOSITORY, codes};

/// A release that is published everywhere.
struct Published {
    fixture: Fixture,
    before: forge::State,
    /// The publisher's key.
    key: PathBuf,
    scratch: Scratch,
}

impl Published {
    fn new(setup: Setup) -> Self {
        let fixture = Fixture::new(setup);
        let outcome = fixture.publish(1);
        assert!(codes(&outcome).is_empty(), "{outcome:?}");
        let verified = outcome.unwrap().verified;
        assert!(verified.iter().all(|one| one.good && one.looked_at > 3), "{verified:?}");
        assert_eq!(verified.len(), 3, "image, chart, release: {verified:?}");
        for file in fs::read_dir(fixture.sample.dist().join("pypi")).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            if file.path().is_file() {
                let bytes = fs::read(file.path()).unwrap().into();
                let held = forge::File { version: "1.0.0".into(), bytes, ..Default::default() };
                fixture.forge.change(|state| {
                    let project = state.index.projects.entry("small-all".to_owned());
                    project.or_default().insert(name, held)
                });
            }
        }
        let before = fixture.forge.change(|state| state.clone());
        let key = fixture.sample.dist().join("signing-key.pub");
        Self { fixture, before, key, scratch: Scratch::new("published").unwrap() }
    }

    /// Runs `verify` as a stranger, with the key.
    fn verify(&self, subject: &str) -> Verdict {
        let key = self.key.to_str().unwrap();
        self.run(subject, &["--key", key, "--manifest", &format!("github:{REPOSITORY}@v1.0.0")])
    }

    fn run(&self, subject: &str, more: &[&str]) -> Verdict {
        let forge = &self.fixture.forge;
        let mut command = product::command();
        command.args(["verify", subject]).args(more);
        command.args(["--check-url", &format!("{}/simple", forge.url(Service::Index))]);
        command.env("GITHUB_API_URL", forge.url(Service::Api));
        for token in ["GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ACTIONS"] {
            command.env_remove(token);
        }
        Verdict::of(&mut command)
    }

    fn subjects(&self) -> [String; 4] {
        let host = self.fixture.forge.host(Service::Registry);
        [
            format!("github:{REPOSITORY}@v1.0.0"),
            format!("{host}/team/small-server:1.0.0"),
            format!("oci://{host}/team/helm-charts/small-chart:1.0.0"),
            "pypi:small-all==1.0.0".to_owned(),
        ]
    }

    /// Spoils what is served, and expects `verify` to end with that code and to say that word.
    fn spoiled(&self, subject: &str, code: i32, word: &str, spoil: impl FnOnce(&Forge)) {
        let forge = &self.fixture.forge;
        forge.change(|state| *state = self.before.clone());
        forge.disarm();
        spoil(forge);
        let verdict = self.verify(subject).refused();
        let told = format!("{}{}", verdict.stdout, verdict.stderr);
        assert!(told.contains(word), "{subject}: expected `{word}` in {told}");
        assert_eq!(verdict.code, code, "{subject}, {word}: {told}");
    }
}

#[test]
fn what_was_published_verifies_from_the_outside_with_its_own_key_only() {
    for referrers in [true, false] {
        let registry = RegistrySetup { referrers, ..RegistrySetup::default() };
        let published = Published::new(Setup { registry, ..Setup::default() });
        let stranger = published.scratch.join("stranger.pub");
        fs::write(&stranger, Key::generate().unwrap().public_pem()).unwrap();
        let stranger = stranger.to_str().unwrap().to_owned();
        for subject in published.subjects() {
            let seen = published.verify(&subject).accepted();
            assert!(seen.stdout.contains("(signed by the given key)"), "{}", seen.stdout);
            let manifest = format!("github:{REPOSITORY}@v1.0.0");
            let other = ["--key", &stranger, "--manifest", &manifest];
            assert_eq!(published.run(&subject, &other).refused().code, 1, "{subject}");
        }
        let digest = published.fixture.forge.registry();
        let digest = digest.tag("team/small-server", "1.0.0").unwrap().to_owned();
        let host = published.fixture.forge.host(Service::Registry);
        published.verify(&format!("{host}/team/small-server@{digest}")).accepted();
        chart_is_signed_for_cosign(&published);
    }
}

/// Others need no tool of ours to check a chart.
fn chart_is_signed_for_cosign(published: &Published) {
    let host = published.fixture.forge.host(Service::Registry);
    let chart = format!("{host}/team/helm-charts/small-chart:1.0.0");
    let key = published.key.to_str().unwrap();
    let flags = ["--insecure-ignore-tlog", "--allow-http-registry"];
    let verify = [&["verify", "--key", key][..], &flags, &[chart.as_str()]].concat();
    judges::run("cosign", &verify).map(Verdict::accepted);
    let built = ["verify-attestation", "--type", "slsaprovenance1", "--key", key];
    let built = [&built[..], &flags, &[chart.as_str()]].concat();
    judges::run("cosign", &built).map(Verdict::accepted);
}

/// Helm says of itself when a chart's file was last changed; with the release's time there, both
/// bring the same manifest.
#[test]
fn a_chart_is_in_the_registry_as_helm_would_bring_it() {
    let fixture = Fixture::new(Setup::default());
    assert!(codes(&fixture.publish(1)).is_empty());
    let name = "small-chart-1.0.0.tgz";
    let scratch = Scratch::new("pushed").unwrap();
    let file = scratch.join(name);
    fs::copy(fixture.sample.dist().join("helm").join(name), &file).unwrap();
    let epoch = std::time::UNIX_EPOCH + std::time::Duration::from_secs(315_532_800);
    fs::File::options().write(true).open(&file).unwrap().set_modified(epoch).unwrap();
    let ours = fixture.forge.registry();
    let ours = ours.tag("team/helm-charts/small-chart", "1.0.0").unwrap().to_owned();
    let to = format!("oci://{}/helm", fixture.forge.host(Service::Registry));
    for helm in ["helm3", "helm4"] {
        let words = ["push", "--plain-http", file.to_str().unwrap(), &to];
        if judges::run(helm, &words).map(Verdict::accepted).is_some() {
            let registry = fixture.forge.registry();
            assert_eq!(registry.tag("helm/small-chart", "1.0.0"), Some(ours.as_str()), "{helm}");
        }
    }
}

#[test]
fn what_is_not_proven_is_said() {
    let published = Published::new(Setup::default());
    let [release, image, _, wheel] = published.subjects();
    let seen = published.run(&release, &[]).accepted().stdout;
    assert!(seen.contains("integrity only, signer unknown"), "{seen}");
    assert!(seen.contains("lies in its registry: not looked at here"), "{seen}");
    let seen = published.run(&wheel, &[]).accepted().stdout;
    assert!(
        seen.contains("(not signed)") && seen.contains("add `--key` and `--manifest`"),
        "{seen}"
    );
    assert_eq!(published.run(&image, &[]).refused().code, 2);
    let key = published.key.to_str().unwrap();
    let verdict = published.run(&wheel, &["--key", key]).refused();
    assert_eq!((verdict.code, verdict.stderr.contains("usage-manifest")), (2, true));
    let file = published.fixture.sample.dist().join("release.json");
    let local = ["--key", key, "--manifest", file.to_str().unwrap()];
    assert!(published.run(&wheel, &local).accepted().stdout.contains("signed by the given key"));
}

#[test]
fn a_release_that_was_altered_is_refused() {
    let published = Published::new(Setup::default());
    let subject = &published.subjects()[0];
    let assets = |forge: &Forge, change: &dyn Fn(&mut forge::Asset) -> bool| {
        forge.change(|state| {
            let releases = &mut state.github.repository(REPOSITORY).releases;
            releases.values_mut().for_each(|release| {
                release.assets.retain(|_, asset| change(asset));
            });
        });
    };
    // GitHub states the digest of what it holds: only the manifest tells that it is something else.
    for name in ["small-chart-1.0.0.tgz", "small-server-linux-amd64"] {
        published.spoiled(subject, 1, "file-", |forge| {
            assets(forge, &|asset| {
                if asset.name == name {
                    let mut bytes = asset.bytes.to_vec();
                    *bytes.last_mut().unwrap() ^= 1;
                    asset.bytes = bytes.into();
                }
                true
            });
        });
    }
    for name in ["release.json", "release.json.sigstore.json", "checksums.txt", "signing-key.pub"] {
        published.spoiled(subject, 1, name, |forge| assets(forge, &|asset| asset.name != name));
    }
    published.spoiled(subject, 1, "file-extra", |forge| {
        forge.change(|state| {
            let releases = &mut state.github.repository(REPOSITORY).releases;
            let release = releases.values_mut().next().unwrap();
            let mut foreign = release.assets.values().next().unwrap().clone();
            (foreign.id, foreign.name) = (99_999, "by-hand.txt".to_owned());
            release.assets.insert(foreign.id, foreign);
        });
    });
    // Another release of the same publisher under this name: signed just as well.
    published.spoiled(&subject.replace("v1.0.0", "v2.0.0"), 1, "release-other", |forge| {
        forge.change(|state| {
            let releases = &mut state.github.repository(REPOSITORY).releases;
            releases.values_mut().for_each(|release| release.tag = "v2.0.0".to_owned());
        });
    });
    let fault = |on: On, kind: Kind| {
        move |forge: &Forge| {
            forge.inject(Fault::always(on, kind));
        }
    };
    let listed = || On::containing("GET", "/assets");
    let file = || On::service(Service::Objects);
    published.spoiled(subject, 1, "github-digest", fault(listed(), Kind::WrongDigest));
    published.spoiled(subject, 1, "github-digest", fault(listed(), Kind::WrongSize));
    published.spoiled(subject, 1, "github-digest", fault(file(), Kind::WrongBytes));
    published.spoiled(subject, 3, "remote-unreachable", {
        fault(On::containing("GET", "small-chart-1.0.0.tgz"), Kind::DropResponse(300))
    });
    published.spoiled(subject, 3, "github-absent", |forge| {
        forge.change(|state| state.github = forge::Github::default());
    });
}

#[test]
fn an_image_or_a_chart_that_was_altered_is_refused() {
    let published = Published::new(Setup::default());
    let [_, image, chart, _] = published.subjects();
    let host = published.fixture.forge.host(Service::Registry);
    for subject in [&image, &chart] {
        let repository = subject.trim_start_matches("oci://").trim_start_matches(&host);
        let repository = repository.trim_matches('/').trim_end_matches(":1.0.0").to_owned();
        let bundles = |state: &mut forge::State| {
            let oci_repository = state.registry.repositories.get_mut(&repository).unwrap();
            let is_evidence =
                |one: &forge::Manifest| String::from_utf8_lossy(&one.bytes).contains("\"subject\"");
            oci_repository.manifests.retain(|_, one| !is_evidence(one));
        };
        published.spoiled(subject, 1, "image-signature", |forge| forge.change(bundles));
        let manifests = || On::containing("GET", "/manifests/1.0.0");
        for kind in [Kind::WrongBytes, Kind::WrongDigest] {
            published.spoiled(subject, 1, "registry-digest", |forge| {
                forge.inject(Fault::always(manifests(), kind));
            });
        }
        published.spoiled(subject, 1, "registry-digest", |forge| {
            forge.inject(Fault::always(On::containing("GET", "/blobs/"), Kind::WrongSize));
        });
        published.spoiled(subject, 3, "remote-unreachable", |forge| {
            forge.inject(Fault::always(manifests(), Kind::DropResponse(200)));
        });
        published.spoiled(subject, 3, "remote-body-limit", |forge| {
            forge.inject(Fault::always(manifests(), Kind::Padded(8 << 20)));
        });
        // Other bytes of somebody else, in good order.
        published.spoiled(subject, 1, "image-signature", |forge| {
            forge.change(|state| {
                let oci_repository = state.registry.repositories.get_mut(&repository).unwrap();
                let digest = oci_repository.tags["1.0.0"].clone();
                let mut other = oci_repository.manifests[&digest].clone();
                other.bytes = [&b" "[..], &other.bytes].concat().into();
                let digest = model::Digest::of(&other.bytes).to_string();
                oci_repository.manifests.insert(digest.clone(), other);
                oci_repository.tags.insert("1.0.0".to_owned(), digest);
            });
        });
    }
    // Another image of the same publisher, signed just as well, under a name that is not its own.
    published.spoiled(&image.replace("small-server", "other"), 1, "image-other", |forge| {
        forge.change(|state| {
            let oci_repository = state.registry.repositories["team/small-server"].clone();
            state.registry.repositories.insert("team/other".to_owned(), oci_repository);
        });
    });
}

/// A tag is the registry's word; what is signed under it says itself what it is.
#[test]
fn a_tag_that_was_moved_to_something_else_of_the_same_publisher_is_refused() {
    let published = Published::new(Setup::default());
    let [_, image, chart, _] = published.subjects();
    let retag = |tag: &'static str, to: fn(&[&str]) -> String| {
        move |forge: &Forge| {
            forge.change(|state| {
                for oci_repository in state.registry.repositories.values_mut() {
                    let Some(digest) = oci_repository.tags.get("1.0.0").cloned() else { continue };
                    let index = String::from_utf8_lossy(&oci_repository.manifests[&digest].bytes);
                    let named: Vec<&str> = index.split('"').collect();
                    let named = named.into_iter().filter(|part| part.starts_with("sha256:"));
                    let below: Vec<&str> = [digest.as_str()].into_iter().chain(named).collect();
                    oci_repository.tags.insert(tag.to_owned(), to(&below));
                }
            });
        }
    };
    let root = |all: &[&str]| all[0].to_owned();
    let last = |all: &[&str]| all[all.len() - 1].to_owned();
    published.spoiled(&chart.replace("1.0.0", "2.0.0"), 1, "chart-other", retag("2.0.0", root));
    for tag in ["2.0.0", "v0.9.0", "2", "1.1"] {
        let subject = image.replace("1.0.0", tag);
        published.spoiled(&subject, 1, "image-other", retag(tag, root));
        let seen = published.verify(&subject).refused().stdout;
        let told = "NOT verified: 3 artifacts";
        assert!(seen.contains(told) && !seen.contains("not signed"), "{seen}");
    }
    published.spoiled(&image, 1, "image-part", retag("1.0.0", last));
    published.spoiled(&image.replace(":1.0.0", ""), 1, "image-part", retag("latest", last));
    for tag in ["v1.0.0", "1.0", "edge"] {
        published.fixture.forge.change(|state| *state = published.before.clone());
        retag(tag, root)(&published.fixture.forge);
        let seen = published.verify(&image.replace("1.0.0", tag)).accepted().stdout;
        assert_eq!(seen.contains("holds the version `1.0.0`"), tag == "edge", "{seen}");
    }
}

#[test]
fn an_index_that_serves_other_files_is_refused() {
    let published = Published::new(Setup::default());
    let subject = &published.subjects()[3];
    let wheel = "small_all-1.0.0-py3-none-any.whl";
    let files =
        |forge: &Forge, change: &dyn Fn(&mut std::collections::BTreeMap<String, forge::File>)| {
            forge.change(|state| change(state.index.projects.get_mut("small-all").unwrap()));
        };
    published.spoiled(subject, 1, "index-other", |forge| {
        files(forge, &|files| {
            let file = files.get_mut(wheel).unwrap();
            file.bytes = [&file.bytes[..], b"\0"].concat().into();
        });
    });
    published.spoiled(subject, 1, "index-missing", |forge| {
        files(forge, &|files| drop(files.remove(wheel)));
    });
    published.spoiled(subject, 1, "index-foreign", |forge| {
        files(forge, &|files| {
            let file = files[wheel].clone();
            files.insert(wheel.replace("py3", "py2"), file);
        });
    });
    let on = || On::request("GET", "/files/");
    published.spoiled(subject, 1, "index-digest", |forge| {
        forge.inject(Fault::always(on(), Kind::WrongBytes));
    });
    published.spoiled(subject, 3, "remote-unreachable", |forge| {
        forge.inject(Fault::always(on(), Kind::DropResponse(300)));
    });
    published.spoiled("pypi:small-all==9.0.0", 3, "index-absent", |_| {});
    // An attestation that speaks of something else.
    published.spoiled(subject, 1, "attestation", |forge| {
        let attestation = serde_json::json!({ "envelope": { "statement": "e30=" } });
        files(forge, &|files| files.get_mut(wheel).unwrap().attestations.push(attestation.clone()));
    });
}
