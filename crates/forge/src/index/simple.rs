//! What the index serves: projects, their files, and the provenance of these.

use model::normalized_python_name;
use serde_json::{Value, json};

use super::{File, Index};
use crate::Service;
use crate::encoding::{sha256, time};
use crate::exchange::{Call, Reply};
use crate::world::Place;

const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// The version of the API that has `provenance` (PEP 740).
const VERSION: &str = "1.3";

pub(super) fn projects(index: &Index, place: Place<'_>, call: &Call) -> Reply {
    if wants_json(place, call) {
        let list: Vec<Value> = index.projects.keys().map(|name| json!({ "name": name })).collect();
        let said = json!({ "meta": { "api-version": VERSION }, "projects": list });
        return Reply::bytes(200, JSON, said.to_string().into());
    }
    let link = |name: &String| format!("<a href=\"/simple/{name}/\">{name}</a>\n");
    page("Simple index", &index.projects.keys().map(link).collect::<String>())
}

pub(super) fn project(index: &Index, place: Place<'_>, call: &Call, name: &str) -> Reply {
    let own = normalized_python_name(name);
    if own != name || !call.path.ends_with('/') {
        return Reply::empty(301).with("location", format!("/simple/{own}/"));
    }
    let Some(files) = index.projects.get(&own) else { return Reply::text(404, "404 Not Found") };
    let base = place.sites.base(Service::Index, call.tls);
    let url = |file: &str| format!("{base}/files/{own}/{file}");
    if wants_json(place, call) {
        let shown = files.iter().map(|(name, file)| {
            let provenance = format!("{base}/integrity/{own}/{}/{name}/provenance", file.version);
            json!({
                "filename": name,
                "url": url(name),
                "hashes": { "sha256": sha256(&file.bytes) },
                "size": file.bytes.len(),
                "upload-time": time(file.uploaded),
                "requires-python": requires_python(file),
                "core-metadata": false,
                "yanked": false,
                "provenance": (!file.attestations.is_empty()).then_some(provenance),
            })
        });
        let shown: Vec<Value> = shown.collect();
        let mut versions: Vec<&str> = files.values().map(|file| file.version.as_str()).collect();
        versions.sort_unstable();
        versions.dedup();
        let meta = json!({ "api-version": VERSION });
        let said = json!({ "meta": meta, "name": own, "versions": versions, "files": shown });
        return Reply::bytes(200, JSON, said.to_string().into());
    }
    let link = |(name, file): (&String, &File)| {
        let requires = requires_python(file).map(|text| {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            format!(" data-requires-python=\"{text}\"")
        });
        let (hash, requires) = (sha256(&file.bytes), requires.unwrap_or_default());
        format!("<a href=\"{}#sha256={hash}\"{requires}>{name}</a><br/>\n", url(name))
    };
    page(&format!("Links for {own}"), &files.iter().map(link).collect::<String>())
}

pub(super) fn file(index: &Index, project: &str, name: &str) -> Reply {
    match index.file(project, name) {
        Some(file) => Reply::bytes(200, "application/octet-stream", file.bytes.clone()),
        None => Reply::text(404, "404 Not Found"),
    }
}

pub(super) fn provenance(index: &Index, project: &str, version: &str, name: &str) -> Reply {
    let file =
        index.file(&normalized_python_name(project), name).filter(|file| file.version == version);
    let Some(file) = file.filter(|file| !file.attestations.is_empty()) else {
        return Reply::json(404, &json!({ "message": "No provenance available" }));
    };
    let bundle = json!({ "publisher": file.publisher, "attestations": file.attestations });
    let said = json!({ "version": 1, "attestation_bundles": [bundle] });
    Reply::bytes(200, "application/vnd.pypi.integrity.v1+json", said.to_string().into())
}

/// The first type that the client accepts most and that is served here.
fn wants_json(place: Place<'_>, call: &Call) -> bool {
    let accept = call.headers_of("accept");
    let weight = |names: &[&str]| {
        let kinds = accept.split(',').filter_map(|kind| {
            let mut parts = kind.split(';').map(str::trim);
            let known = parts.next().is_some_and(|kind| names.contains(&kind));
            let quality = parts.find_map(|part| part.strip_prefix("q=")).unwrap_or("1");
            known.then(|| quality.parse::<f32>().unwrap_or_default())
        });
        kinds.fold(0.0, f32::max)
    };
    let json = weight(&[JSON, "application/vnd.pypi.simple.latest+json"]);
    let html = weight(&["text/html", "application/vnd.pypi.simple.v1+html"]);
    place.setup.index.json && json > 0.0 && json >= html
}

fn requires_python(file: &File) -> Option<&str> {
    let field = file.fields.iter().find(|(name, _)| name == "requires_python");
    field.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

fn page(title: &str, links: &str) -> Reply {
    let text = format!(
        "<!DOCTYPE html>\n<html><head><meta name=\"pypi:repository-version\" content=\"{VERSION}\">\
         <title>{title}</title></head><body>\n{links}</body></html>\n"
    );
    Reply::bytes(200, "text/html; charset=utf-8", text.into())
}
