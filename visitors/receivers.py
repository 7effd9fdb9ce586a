"""What this room does about news of other apps: nothing yet; rooms above it listen to `visitors.signals`."""
