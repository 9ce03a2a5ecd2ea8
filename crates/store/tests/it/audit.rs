//! The audit log (T-245).

use fiador_domain::audit::{AuditEvent, AuditKind};
use fiador_kernel::JourneyId;
use fiador_ports::{AuditLog as _, Grants as _};

use crate::sample::{client, consent, event, grant, redemption, subscriber};

contract! {
    async fn an_event_is_written_with_all_it_says(fixture: &Fixture) {
        let store = fixture.open().await;
        let refused = AuditEvent {
            client: Some(client("bank")),
            subscriber: Some(subscriber("ana")),
            grant: Some(grant("g")),
            journey: Some(JourneyId::new("j").unwrap()),
            detail: Some("wrong_code".to_owned()),
            ..event(fixture, AuditKind::AuthenticationRefused)
        };
        store.append(refused).await.unwrap();
        let found = "SELECT COUNT(*) FROM audit WHERE at = 1767225600000000 \
            AND kind = 'authentication_refused' AND client_id = 'bank' AND subscriber = 'ana' \
            AND grant_id = 'g' AND journey = 'j' AND detail = 'wrong_code'";
        assert_eq!(fixture.number(found).await, 1);
    }

    async fn an_exchange_with_consent_leaves_two_events(fixture: &Fixture) {
        let store = fixture.open().await;
        let mut code = redemption(fixture, "g");
        code.consent = Some(consent(fixture, "email"));
        store.redeem(code).await.unwrap();
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit WHERE kind = 'tokens_issued'").await, 1);
        assert_eq!(fixture.number("SELECT COUNT(*) FROM audit WHERE kind = 'consent_given'").await, 1);
    }

    async fn what_cannot_be_written_down_does_not_happen_t_245(fixture: &Fixture) {
        let store = fixture.open().await;
        fixture.execute("ALTER TABLE audit RENAME TO elsewhere").await;
        assert!(store.redeem(redemption(fixture, "g")).await.is_err());
        assert_eq!(fixture.number("SELECT COUNT(*) FROM spent_codes").await, 0);
        fixture.execute("ALTER TABLE elsewhere RENAME TO audit").await;
        assert!(store.redeem(redemption(fixture, "g")).await.is_ok());
    }
}
