"""What a user wants done: one public function is one intent."""
