//! The logos that pages show now.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use arc_swap::ArcSwap;
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use fiador_kernel::{ClientId, Digest};
use http::{HeaderValue, header::CONTENT_TYPE};
use tokio::time::{MissedTickBehavior, interval};

use super::{Brand, BrandOwner, Logo, UploadError, Uploads};
use crate::assets;

/// The prefix of all logos.
const PREFIX: &str = "/assets/brand/";

/// Logos of the operator and of clients, replaced while the gateway runs. One that was sent to the
/// admin listener goes before one of the configuration.
#[derive(Debug)]
pub struct Brands {
    configured: HashMap<String, Shown>,
    uploaded: ArcSwap<HashMap<String, Shown>>,
    uploads: Uploads,
    /// Clients whose colour `brand.css` has a class for.
    with_colour: HashSet<ClientId>,
}

/// A logo and its address.
#[derive(Clone, Debug)]
struct Shown {
    logo: Logo,
    path: Arc<str>,
}

impl Brands {
    pub(crate) fn new(brand: &Brand) -> Self {
        let clients = brand.clients.iter().filter_map(|(client_id, brand)| {
            Some((BrandOwner::Client(client_id.clone()).key(), brand.logo.clone()?))
        });
        let operator = brand.logo.iter().map(|logo| (BrandOwner::Operator.key(), logo.clone()));
        let with_colour = brand.clients.iter().filter(|(_, brand)| brand.accent.is_some());
        Self {
            configured: shown(operator.chain(clients)),
            uploaded: ArcSwap::from_pointee(shown(brand.uploads.found.clone())),
            uploads: brand.uploads.clone(),
            with_colour: with_colour.map(|(client_id, _)| client_id.clone()).collect(),
        }
    }

    /// Takes a logo from the bytes of an image, in place of any earlier one, and gives its address
    /// (a path). `PUT /admin/v1/brands/…/logo` ends here. Writes a file: not for the async road.
    pub fn put_logo(&self, owner: &BrandOwner, bytes: &[u8]) -> Result<Arc<str>, UploadError> {
        let logo = Logo::from_bytes(bytes)?;
        let key = owner.key();
        let others = self.uploaded.load().keys().filter(|kept| **kept != key).count();
        self.uploads.put(owner, &logo, others)?;
        let shown = Shown::new(&key, logo);
        self.uploaded.rcu(|kept| {
            let mut kept = HashMap::clone(kept);
            kept.insert(key.clone(), shown.clone());
            kept
        });
        Ok(shown.path)
    }

    /// Goes back to the logo of the configuration, or to none; `false` when none was uploaded.
    /// Removes a file: not for the async road.
    pub fn remove_logo(&self, owner: &BrandOwner) -> Result<bool, UploadError> {
        self.uploads.remove(owner)?;
        let key = owner.key();
        let before = self.uploaded.rcu(|kept| {
            let mut kept = HashMap::clone(kept);
            kept.remove(&key);
            kept
        });
        Ok(before.contains_key(&key))
    }

    /// The address of the logo that pages show (a path).
    pub fn logo_path(&self, owner: &BrandOwner) -> Option<Arc<str>> {
        let key = owner.key();
        let uploaded = self.uploaded.load();
        let shown = uploaded.get(&key).or_else(|| self.configured.get(&key))?;
        Some(Arc::clone(&shown.path))
    }

    /// Looks at the folder of uploads every `period` and shows what other nodes put there; runs
    /// until dropped. Without a folder there is nothing to follow, and it ends at once.
    pub async fn follow(self: Arc<Self>, period: Duration) {
        if !self.uploads.are_shared() {
            return;
        }
        let mut loaded = None;
        let mut ticks = interval(period.max(Duration::from_millis(10)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let brands = Arc::clone(&self);
            let before = loaded.clone();
            let looked = tokio::task::spawn_blocking(move || {
                let now = brands.uploads.states()?;
                if before.as_ref() != Some(&now) {
                    brands.uploaded.store(Arc::new(shown(brands.uploads.load()?)));
                }
                std::io::Result::Ok(now)
            });
            match looked.await {
                Ok(Ok(now)) => loaded = Some(now),
                Ok(Err(error)) => {
                    tracing::error!(%error, "the folder of logos cannot be read; the old ones stay");
                }
                Err(_) => tracing::error!("looking at the folder of logos panicked; please report"),
            }
        }
    }

    /// The class by which `brand.css` gives a client's part of the page its colour.
    pub(crate) fn class(&self, client_id: &ClientId) -> Option<String> {
        let has_colour = self.with_colour.contains(client_id);
        has_colour.then(|| BrandOwner::Client(client_id.clone()).key())
    }

    /// The route `/assets/brand/{file}`.
    pub(crate) fn routes(self: &Arc<Self>) -> Router {
        let brands = Arc::clone(self);
        Router::new().route(
            "/assets/brand/{file}",
            get(async move |Path(file): Path<String>| brands.serve(&file)),
        )
    }

    fn serve(&self, file: &str) -> Response {
        let key = file.split('.').next().unwrap_or_default();
        let uploaded = self.uploaded.load();
        // A page that was made before an upload still finds the logo of the configuration.
        let mut candidates = [uploaded.get(key), self.configured.get(key)].into_iter().flatten();
        let Some(shown) = candidates.find(|shown| shown.path.strip_prefix(PREFIX) == Some(file))
        else {
            return assets::unknown().into_response();
        };
        let mut headers = assets::for_ever();
        let media_type = HeaderValue::from_static(shown.logo.media_type());
        headers.insert(CONTENT_TYPE, media_type);
        (headers, shown.logo.bytes().to_vec()).into_response()
    }
}

impl Shown {
    fn new(key: &str, logo: Logo) -> Self {
        let digest = Digest::of(logo.bytes()).to_hex();
        let hash = digest.get(..16).unwrap_or_default();
        let path = format!("{PREFIX}{key}.{hash}.{}", logo.ending()).into();
        Self { logo, path }
    }
}

fn shown(logos: impl IntoIterator<Item = (String, Logo)>) -> HashMap<String, Shown> {
    logos.into_iter().map(|(key, logo)| (key.clone(), Shown::new(&key, logo))).collect()
}
