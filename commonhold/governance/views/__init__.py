"""Pages of bodies, meetings and what they asked for: a public record, kept by any partner's clerk."""
