@NullMarked
package io.sallyport.guest.pty;

import org.jspecify.annotations.NullMarked;
