"""The staff's side: what happens with a message, alerts, the unanswered queue, figures."""
