@NullMarked
package io.sallyport.guest.files;

import org.jspecify.annotations.NullMarked;
