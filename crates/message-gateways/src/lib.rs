//! Message gateways over HTTP, and several routes for messages behind one door.
