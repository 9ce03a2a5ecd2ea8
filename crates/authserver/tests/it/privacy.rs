//! Nothing tells a known number from any other (T-048).

use fiador_domain::profile::Profile;

use crate::world::{
    Answer, BLOCKED, KNOWN, NOT_ENROLLED, PORTED_IN, PROFILES, REDIRECT_URI, UNKNOWN, World,
};

/// Everything that a service provider or a bystander sees of one login with wrong codes.
async fn seen(profile: Profile, digits: &str, by_hint: bool) -> Vec<String> {
    let world = World::new();
    let mut browser = world.browser();
    let hint = format!("MSISDN:{digits}");
    let changes = [("login_hint", by_hint.then_some(hint.as_str()))];
    let opened = browser.authorize(profile, &changes).await;
    let page = opened.page();
    let secret = browser.cookies["__Host-fiador_browser"].clone();
    let handle = page.strip_prefix("/journey/").unwrap().to_owned();
    let mut answers = vec![opened];
    if !by_hint {
        let number = [("msisdn", &*format!("+{digits}"))];
        answers.push(browser.post(&format!("{page}/number"), &number).await);
    }
    answers.push(browser.get(&page).await);
    answers.push(browser.post(&format!("{page}/again"), &[]).await);
    for _ in 0..3 {
        let guess = [("code", "999999")];
        answers.push(browser.post(&format!("{page}/answer"), &guess).await);
        answers.push(browser.get(&page).await);
    }
    let shown = |answer: Answer| {
        let seen = format!("{} {:?} {}", answer.status, answer.headers, answer.body);
        // The last two digits are what the user has typed; handle and secret are random.
        let typed = format!("*{}", &digits[10..]);
        seen.replace(&handle, "HANDLE").replace(&secret, "SECRET").replace(&typed, "*NN")
    };
    answers.into_iter().map(shown).collect()
}

#[tokio::test]
async fn unknown_blocked_and_unreachable_numbers_look_like_a_known_one_t_048() {
    for profile in PROFILES {
        for by_hint in [true, false] {
            let known = seen(profile, KNOWN, by_hint).await;
            assert!(known.last().unwrap().contains("User%20failed%20to%20authenticate"));
            for digits in [UNKNOWN, BLOCKED, NOT_ENROLLED, PORTED_IN] {
                assert_eq!(seen(profile, digits, by_hint).await, known, "{digits}");
            }
        }
    }
}

#[tokio::test]
async fn for_an_unknown_number_no_code_is_right() {
    let world = World::new();
    let mut browser = world.browser();
    let hint = format!("MSISDN:{UNKNOWN}");
    let changes = [("login_hint", Some(hint.as_str()))];
    let page = browser.authorize(Profile::Oidc, &changes).await.page();
    assert_eq!(world.phone.asked.lock().unwrap()[..], [None], "no subscriber to reach");
    let code = world.phone.code();
    let answer = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    assert!(answer.leads_to_a_page());
    assert!(world.codes.issued.lock().unwrap().is_empty());
}

/// mobile-connect §2.6, for clients that are entitled to know.
#[tokio::test]
async fn an_entitled_client_is_told_in_the_words_of_the_profile() {
    let world = World::with(|client| client.reveal_subscriber_state = true, |_| {});
    for (digits, text) in [
        (UNKNOWN, "Unknown user"),
        (BLOCKED, "Mobile Connect User is not registered"),
        (NOT_ENROLLED, "Mobile Connect User is not registered"),
        (PORTED_IN, "Unknown user"),
    ] {
        let hint = format!("MSISDN:{digits}");
        let changes = [("login_hint", Some(hint.as_str()))];
        let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
        let expected = ("access_denied".to_owned(), text.to_owned());
        assert_eq!(answer.error_to(REDIRECT_URI), expected);

        let mut browser = world.browser();
        let page = browser.authorize(Profile::MobileConnect, &[]).await.page();
        let number = format!("+{digits}");
        let answer = browser.post(&format!("{page}/number"), &[("msisdn", &number)]).await;
        assert_eq!(answer.error_to(REDIRECT_URI), expected);
    }
    assert!(world.phone.asked.lock().unwrap().is_empty(), "no message left");
}

/// mobile-connect §2.4: a pseudonym resolves in its own sector, and its number is not shown.
#[tokio::test]
async fn a_pcr_reaches_the_phone_without_showing_its_number() {
    let world = World::new();
    let pcr = fiador_kernel::Pcr::random(&fiador_kernel::OsEntropy);
    let here = fiador_kernel::SectorId::new("shop.example").unwrap();
    let elsewhere = fiador_kernel::SectorId::new("other.example").unwrap();
    let foreign = fiador_kernel::Pcr::random(&fiador_kernel::OsEntropy);
    let rows = [((here, pcr.clone()), "alice"), ((elsewhere, foreign.clone()), "alice")];
    for (key, id) in rows {
        let id = fiador_kernel::SubscriberId::new(id).unwrap();
        world.pcrs.rows.lock().unwrap().insert(key, id);
    }
    let mut pages = vec![];
    for pcr in [&pcr, &foreign] {
        let mut browser = world.browser();
        let hint = format!("PCR:{pcr}");
        let changes = [("login_hint", Some(hint.as_str()))];
        let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
        pages.push(browser.get(&page).await.body.replace(&page, "PAGE"));
    }
    assert_eq!(pages[0], pages[1]);
    assert!(!pages[0].contains("+44"), "{}", pages[0]);
    let asked = world.phone.asked.lock().unwrap();
    assert_eq!(asked[..], [Some(World::subscriber()), None]);
}

/// An answer that echoes a hint is about the user of that hint: somebody who starts a login with the
/// number of another cannot finish it with a number of their own (mobile-connect §2.8).
#[tokio::test]
async fn a_hinted_number_cannot_be_exchanged_on_the_way() {
    let world = World::new();
    let mut browser = world.browser();
    let hint = format!("MSISDN:{UNKNOWN}");
    let changes = [("login_hint", Some(hint.as_str()))];
    let wait = std::time::Duration::from_secs(9);
    *world.phone.refuses.lock().unwrap() = Some(fiador_ports::StartError::BudgetExhausted(wait));
    let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
    let page = page.split('?').next().unwrap();
    *world.phone.refuses.lock().unwrap() = None;
    browser.post(&format!("{page}/number"), &[("msisdn", "+447700900907")]).await;
    browser.post(&format!("{page}/again"), &[]).await;
    assert_eq!(world.phone.asked.lock().unwrap()[..], [None], "the hinted number was asked");

    let mut browser = world.browser();
    let changes = [changes[0], ("prompt", Some("select_account"))];
    let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
    browser.post(&format!("{page}/number"), &[("msisdn", "+447700900907")]).await;
    let code = world.phone.code();
    let done = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.hashed_login_hint, None, "another number was named than the hint's");
}
