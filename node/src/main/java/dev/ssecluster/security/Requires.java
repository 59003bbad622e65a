package dev.ssecluster.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the right that an endpoint needs: on a controller's method, or on its class for all of them. Every endpoint of this project has
 * one; in mode {@code jwt} an endpoint without it is refused to everybody.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {

    Right value();
}
