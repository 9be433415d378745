//! The draft: that there is one, and that it is ours, whoever else publishes.

use http::Attempt;
use model::Diagnostic;
use serde_json::json;

use super::draft_marker::{set_of, with_marker};
use super::{Answer, GithubReleases, Held, IN_DRAFT, View};
use crate::api::{BlockOn as _, Failed};
use crate::codes;
use crate::responses::Release;

impl GithubReleases {
    pub(crate) fn ask_draft(&self) -> Result<Answer, Diagnostic> {
        let view = self.view()?;
        let Some(main) = &view.main else { return Ok(Answer::Absent) };
        if main.release.draft {
            self.no_foreign(main)?;
            if let Some(found) = self.of_others(main) {
                return Ok(Answer::Other(format!("{found} {IN_DRAFT}")));
            }
        }
        let surplus = !self.surplus(&view)?.is_empty();
        Ok(if surplus || self.needs_adoption(main) { Answer::Stale } else { Answer::Same })
    }

    /// What a draft is for, when it is for something else.
    fn of_others(&self, main: &Held) -> Option<String> {
        if let Some(set) = set_of(&main.release) {
            return (set != self.release.set).then(|| set.to_string());
        }
        let other = !main.assets.is_empty() && !self.is_of_our_commit(&main.release);
        other.then(|| format!("commit `{}`", main.release.target_commitish))
    }

    /// Whether a draft that someone prepared is to be marked as ours.
    fn needs_adoption(&self, main: &Held) -> bool {
        main.release.draft && main.assets.is_empty() && set_of(&main.release).is_none()
    }

    /// Makes the draft, or adopts the one that is there.
    pub(crate) fn write_draft(&self) -> Result<(), Diagnostic> {
        self.api.http.retry_blocking(|_| {
            self.forget();
            if let Some(main) = &self.view()?.main {
                return self.adopt(main).map(Attempt::Done);
            }
            match self.create() {
                Ok(()) => Ok(Attempt::Done(())),
                Err(failed @ Failed::Said { status: ..500, .. }) => Err(failed.problem()),
                // It may have been made all the same: only asking again shows that.
                Err(failed) => Ok(Attempt::retry(Err(failed.problem()))),
            }
        })?;
        // Another publisher may have made one at the same moment.
        self.forget();
        let view = self.view()?;
        self.delete_surplus(&view)?;
        // That one counts now, if it is older.
        match &self.view()?.main {
            Some(main) => self.adopt(main),
            None => Ok(()),
        }
    }

    /// Deletes the drafts besides the one that counts.
    pub(crate) fn delete_surplus(&self, view: &View) -> Result<(), Diagnostic> {
        for surplus in self.surplus(view)? {
            let ours = self.state().made == Some(surplus.release.id);
            self.repository().delete("releases", surplus.release.id).block_on(&self.api)?;
            self.notice(self.two_drafts(surplus, ours));
            self.forget();
        }
        Ok(())
    }

    fn create(&self) -> Result<(), Failed> {
        let wanted = &self.release;
        // Its commit is a matter of the tag, or of the publication that makes one.
        let body = json!({
            "tag_name": wanted.tag, "name": wanted.name,
            "body": with_marker(&wanted.notes, wanted.set),
            "draft": true, "prerelease": wanted.prerelease,
        });
        let route = format!("{}/releases", self.repo);
        let call = self.api.call(async |crab| crab.post(&route, Some(&body)).await);
        let made: Release = call.block_on(&self.api)?;
        self.state().made = Some(made.id);
        Ok(())
    }

    /// Marks a draft that someone prepared as ours.
    fn adopt(&self, main: &Held) -> Result<(), Diagnostic> {
        if !self.needs_adoption(main) || self.of_others(main).is_some() {
            return Ok(());
        }
        let wanted = &self.release;
        let notes = main.release.body.as_deref().filter(|notes| !notes.trim().is_empty());
        let body = json!({
            "tag_name": wanted.tag, "draft": true, "prerelease": wanted.prerelease,
            "body": with_marker(notes.unwrap_or(&wanted.notes), wanted.set),
        });
        let patched = self.patch(main.release.id, &body);
        self.forget();
        patched
    }

    pub(crate) fn patch(&self, release: u64, body: &serde_json::Value) -> Result<(), Diagnostic> {
        let route = format!("{}/releases/{release}", self.repo);
        let call = self.api.call(async |crab| crab.patch(&route, Some(body)).await);
        let patched: Result<Release, Failed> = call.block_on(&self.api);
        patched.map(|_| ()).map_err(Failed::problem)
    }

    fn is_of_our_commit(&self, release: &Release) -> bool {
        self.release.commit.as_ref().is_none_or(|commit| *commit == release.target_commitish)
    }

    /// The drafts besides the one that counts. All of them were made by a run like this one, which
    /// knows by their numbers that it lost, or has ended.
    fn surplus<'v>(&self, view: &'v View) -> Result<Vec<&'v Held>, Diagnostic> {
        let strange = view.others.iter().find(|held| !self.is_left_behind(held));
        if let Some(held) = strange {
            let main = view.main.as_ref().map(|main| main.release.html_url.clone());
            let message = format!(
                "there are two releases for the tag `{}`: {} and {}",
                self.release.tag,
                main.unwrap_or_default(),
                held.release.html_url
            );
            let help = "delete the draft that is not wanted; this one holds what is not ours";
            return Err(Diagnostic::new(&codes::GITHUB_TWO_DRAFTS, message).help(help));
        }
        Ok(view.others.iter().collect())
    }

    /// Whether a draft is marked, or holds nothing but what we would put there.
    fn is_left_behind(&self, held: &Held) -> bool {
        if held.release.draft && set_of(&held.release).is_some() {
            return true;
        }
        let wanted = |name: &str| self.downloads.values().find(|one| one.name == name);
        held.release.draft
            && self.is_of_our_commit(&held.release)
            && held.assets.values().all(|asset| {
                wanted(&asset.name).is_some_and(|wanted| {
                    let same = asset.sha256().is_none_or(|digest| digest == wanted.digest);
                    !asset.is_whole() || same && asset.size == wanted.size
                })
            })
    }

    /// Nothing is mixed: a draft with a file of someone else's is theirs.
    pub(crate) fn no_foreign(&self, main: &Held) -> Result<(), Diagnostic> {
        let foreign = self.foreign(main);
        if foreign.is_empty() {
            return Ok(());
        }
        let message = format!(
            "the draft of `{}` holds what is not of this release: {}",
            self.release.shown,
            foreign.join(", ")
        );
        Err(Diagnostic::new(&codes::GITHUB_FOREIGN_ASSET, message)
            .help("delete those files from the draft, or the draft itself, and run this again"))
    }

    /// Names of assets that are no download of ours.
    pub(crate) fn foreign(&self, main: &Held) -> Vec<String> {
        let ours = |name: &str| self.downloads.values().any(|one| one.name == name);
        let names = main.assets.keys().filter(|name| !ours(name));
        names.map(|name| format!("`{}`", name.escape_debug())).collect()
    }

    fn two_drafts(&self, held: &Held, ours: bool) -> Diagnostic {
        let whose = if ours { "this run made" } else { "another run made" };
        let message = format!(
            "{whose} a second draft of `{}` (number {}); it is deleted, the older one counts",
            self.release.shown, held.release.id
        );
        Diagnostic::warning(&codes::GITHUB_TWO_DRAFTS, message)
            .help("two publishers were at work: one job alone should publish a release")
    }
}
